import ProcFS
import Sampling
import Wire

/// `--self-check`: how each source does here, as this user and in this unit, and what is missing where it does not.
/// Needs no aggregator and no state directory.
enum SelfCheck {
  /// What was found, a line each. The exit code says whether all is well: 0, or ``ExitCode/incomplete``.
  static func run(_ settings: CollectorSettings) -> Int32 {
    var table = SampleTable()
    let sampler = Once.sample(settings, into: &table)
    let view = HostView(root: ProcRoot(path: settings.root), filters: settings.filters)
    let lines = sampler.statuses(countingIn: table).map(view.line) + view.mountLines
    let code = Output.print(text(lines))
    guard code == ExitCode.ok else { return code }
    let isComplete = lines.allSatisfy { ["ok", "unsupported"].contains($0.state) }
    return isComplete ? ExitCode.ok : ExitCode.incomplete
  }

  /// A table; what a kernel does not offer comes last, in one line.
  static func text(_ lines: [SelfCheckLine]) -> String {
    let rows = lines.filter { $0.state != "unsupported" || $0.detail.contains(";") }
    let absent = lines.filter { $0.state == "unsupported" && !$0.detail.contains(";") }.map(\.subject)
    let width = rows.map(\.subject.count).max() ?? 0
    var text = "SOURCE".padded(to: width) + "  STATE          READ  SERIES  DETAIL\n"
    for line in rows {
      let read = line.readMicroseconds > 0 ? "\(line.readMicroseconds)us" : "-"
      let series = line.series > 0 ? "\(line.series)" : "-"
      text +=
        "\(line.subject.padded(to: width))  \(line.state.padded(to: 11))\(read.padded(to: -8))"
        + "\(series.padded(to: -8))  \(line.detail)\n"
    }
    if !absent.isEmpty { text += "not offered by this kernel: \(absent.joined(separator: ", "))\n" }
    return text
  }
}

extension String {
  /// With blanks behind it, or before it if `width` is negative.
  fileprivate func padded(to width: Int) -> String {
    let blanks = String(repeating: " ", count: max(0, abs(width) - count))
    return width < 0 ? blanks + self : self + blanks
  }
}
