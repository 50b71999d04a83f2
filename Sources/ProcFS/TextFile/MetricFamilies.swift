/// What a text says of its metrics, so far: `# TYPE` and `# HELP` lines, and which had samples.
struct MetricFamilies {
  private struct Family {
    var kind: MetricsText.Kind?
    var hasHelp = false
    var hasSamples = false
  }

  private var families: [String: Family] = [:]

  /// Takes in a line that begins with `#`.
  mutating func take(_ comment: MetricsLine.Comment?) throws(MetricsLineError) {
    guard let comment else { return }
    var family = families[comment.name] ?? Family()
    switch comment.said {
    case .help:
      guard !family.hasHelp else { throw MetricsLineError("a second HELP of \(comment.name)") }
      family.hasHelp = true
    case .kind(let kind):
      guard family.kind == nil, !family.hasSamples else {
        throw MetricsLineError("a second TYPE of \(comment.name), or one behind its samples")
      }
      family.kind = kind
    }
    families[comment.name] = family
  }

  /// Finds the family of a sample, and which number of it that is. Its label `le` or `quantile` is taken out
  /// of `labels`.
  mutating func place(
    _ name: String, _ labels: inout [(name: String, value: String)]
  ) throws(MetricsLineError) -> (MetricsText.Kind, MetricsText.Part) {
    let (base, suffix) = familyName(of: name)
    families[base, default: Family()].hasSamples = true
    let kind = families[base]?.kind ?? .untyped
    switch (kind, suffix) {
    case (.histogram, "_bucket"): return (kind, .bucket(try bound("le", of: name, &labels)))
    case (.histogram, "_sum"), (.summary, "_sum"): return (kind, .sum)
    case (.histogram, "_count"), (.summary, "_count"): return (kind, .count)
    case (.summary, _): return (kind, .quantile(try bound("quantile", of: name, &labels)))
    case (.histogram, _):
      throw MetricsLineError("\(name) is a histogram; its samples end in _bucket, _sum and _count")
    case (.counter, _), (.gauge, _), (.untyped, _): return (kind, .value)
    }
  }

  /// A histogram's or summary's name without what its samples add; any other name as it is.
  private func familyName(of name: String) -> (base: String, suffix: String) {
    if families[name] != nil { return (name, "") }
    for suffix in ["_bucket", "_sum", "_count"] where name.hasSuffix(suffix) {
      let base = String(name.dropLast(suffix.count))
      switch families[base]?.kind {
      case .histogram: return (base, suffix)
      case .summary where suffix != "_bucket": return (base, suffix)
      default: break
      }
    }
    return (name, "")
  }

  private func bound(
    _ label: String, of name: String, _ labels: inout [(name: String, value: String)]
  ) throws(MetricsLineError) -> Double {
    guard let index = labels.firstIndex(where: { $0.name == label }) else {
      throw MetricsLineError("\(name) has no label \(label)")
    }
    guard let bound = MetricsLine.number(labels[index].value), !bound.isNaN else {
      throw MetricsLineError("the label \(label) of \(name) is not a number")
    }
    labels.remove(at: index)
    return bound
  }
}
