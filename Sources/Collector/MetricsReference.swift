import Sampling
import Settings

/// docs/METRICS.md, written from the catalogue of sources: `muster-collector --list-metrics`.
enum MetricsReference {
  static var markdown: String {
    """
    # Metrics

    Every series a collector can send, by the source it comes from: `muster-collector --list-metrics` prints this page.

    Names, labels and values are node_exporter 1.5's where that has them; what it has no name for keeps its style.
    A source is read with every sample unless an interval is named: then as often as that, where samples are taken more
    often, and in between its values stay as they are. `sources` in the settings, or in a config, gives it another
    interval or switches it off. What a kernel does not offer is absent, never zero. A name with a part in angle
    brackets stands for as many metrics as the kernel's file has fields. Counters are shown as the kernel counts: one that
    wraps, at 32 bits or 64, starts anew as after a reboot. CPU times that step back a little are held.

    \(section("collector", "The collector itself, every 1s. It can't be switched off.", SelfMetrics.metrics))
    \(section("every source", "Of each source below.", SourceCatalogue.commonMetrics))
    \(SourceCatalogue.all.map(section).joined(separator: "\n"))
    """
  }

  private static func section(_ kind: SourceKind) -> String {
    var lines = ["Reads " + kind.reads.map { "`\($0)`" }.joined(separator: ", ")]
    if let interval = kind.interval { lines[0] += ", every \(DurationText.text(interval))" }
    lines[0] += "."
    if !kind.about.isEmpty { lines.append(kind.about) }
    return section("`\(kind.name)`", lines.joined(separator: " "), kind.metrics)
  }

  private static func section(_ title: String, _ text: String, _ metrics: [Metric]) -> String {
    let rows = metrics.map { metric in
      let labels = metric.labels.map { "`\($0)`" }.joined(separator: ", ")
      return "| `\(metric.name)` | \(metric.kind) | \(labels) | \(metric.help) |"
    }
    return """
      ## \(title)

      \(text)

      | metric | kind | labels | what it is |
      | --- | --- | --- | --- |
      \(rows.joined(separator: "\n"))

      """
  }
}
