import Wire

/// What a host said to a command, as lines for people: one for the host, and tables beneath it.
struct AnswerText {
  let style: Style
  /// Of the terminal; nil: lines are not cut.
  let columns: Int?
  /// Our clock, microseconds since 1970.
  let now: Int64

  /// `web1  ok  1.2ms`, and what it sent beneath.
  func text(_ answer: HostAnswer) -> String {
    let body = answer.contents.flatMap(lines) + recording(answer.contents)
    return ([head(answer)] + body.map { "  " + $0 }).joined(separator: "\n") + "\n"
  }

  private func head(_ answer: HostAnswer) -> String {
    let name = answer.instance.printable
    let column = name + String(repeating: " ", count: max(0, 20 - name.displayWidth))
    guard let result = answer.result else { return style.bold(column) + "  " + style.dim("so far") }
    let reason = result.reason.isEmpty ? result.outcome.explanation : result.reason
    var parts = [style.bold(column), paint(result.outcome)]
    if result.durationMicroseconds > 0 {
      let duration = Int64(clamping: result.durationMicroseconds)
      parts.append(style.dim(Units.duration(microseconds: duration)))
    }
    if !reason.isEmpty { parts.append(reason.printable) }
    if result.bytesCut > 0 {
      parts.append(style.yellow("(\(Units.bytes(Double(result.bytesCut))) of output were cut off)"))
    }
    return parts.joined(separator: "  ")
  }

  private func paint(_ outcome: CommandOutcome) -> String {
    switch outcome {
    case .ok: style.green(outcome.word)
    case .failed, .timedOut, .lost: style.red(outcome.word)
    default: style.yellow(outcome.word)
    }
  }

  private func lines(_ content: CommandOutput.Content) -> [String] {
    switch content {
    case .text(let text): text.printableLines
    case .samples(let samples): lines(samples)
    case .processes(let list): lines(list)
    case .disks(let list): lines(list)
    // All parts are one recording.
    case .recorder: []
    case .selfCheck(let report): lines(report)
    case .diagnostics(let part):
      ["\(part.name.printable)  \(Units.bytes(Double(part.content.count)))"]
    case .plan(let report): PlanText.lines(report)
    }
  }

  private func recording(_ contents: [CommandOutput.Content]) -> [String] {
    var summary = RecorderSummary()
    for case .recorder(let part) in contents { summary.add(part) }
    return summary == RecorderSummary() ? [] : [summary.text]
  }

  private func lines(_ samples: CommandSamples) -> [String] {
    let values = samples.samples.map { MetricText.value($0.value) }
    let width = values.map(\.displayWidth).max() ?? 0
    return zip(samples.samples, values).map { sample, value in
      let series = MetricText.series(sample.name, sample.labels).printable
      return "\(value.fitted(to: width, alignment: .right))  \(series)"
    }
  }

  private func lines(_ list: ProcessList) -> [String] {
    let look = ProcessesTable(now: now)
    var table = TextTable(look.columns)
    for process in list.processes { table.add(look.cells(process)) }
    let window = DurationArgument(milliseconds: list.windowMilliseconds).text
    let unseen = list.examined < list.total ? ", \(list.examined) of them looked at" : ""
    return rows(table)
      + [style.dim("\(Units.counted(Int(list.total), "process", "processes"))\(unseen), over \(window)")]
  }

  private func lines(_ list: DiskUsageList) -> [String] {
    var table = TextTable([
      .init("MOUNT"), .init("SIZE", .right), .init("USED", .right), .init("AVAILABLE", .right),
      .init("USE", .right), .init("INODES", .right), .init("TYPE"), .init("DEVICE"), .init("NOTE"),
    ])
    for mount in list.mounts {
      guard mount.problem.isEmpty else {
        table.add([
          mount.mountPoint, "-", "-", "-", "-", "-", mount.type, mount.device, mount.problem,
        ])
        continue
      }
      // As df has it: reserved blocks count as neither used nor available.
      let used = Double(mount.usedBytes)
      let inodes = mount.inodes > 0 ? Double(mount.inodesUsed) / Double(mount.inodes) : .nan
      table.add([
        mount.mountPoint, Units.bytes(Double(mount.sizeBytes)), Units.bytes(used),
        Units.bytes(Double(mount.availableBytes)),
        Units.percent(used / (used + Double(mount.availableBytes))),
        Units.percent(inodes), mount.type, mount.device, mount.readOnly ? "read-only" : "",
      ])
    }
    return rows(table)
  }

  private func lines(_ report: SelfCheckReport) -> [String] {
    var table = TextTable([
      .init("SUBJECT"), .init("STATE"), .init("READ", .right), .init("SERIES", .right), .init("DETAIL"),
    ])
    for line in report.lines {
      let read = line.readMicroseconds
      table.add([
        line.subject, line.state,
        read > 0 ? Units.duration(microseconds: Int64(clamping: read)) : "-",
        line.series > 0 ? "\(line.series)" : "-", line.detail,
      ])
    }
    return rows(table)
  }

  /// A table's lines, within the terminal.
  private func rows(_ table: TextTable) -> [String] {
    var lines = table.text(style: Style(isEnabled: false)).split(separator: "\n").map { line in
      columns.map { String(line).cut(to: max(20, $0 - 2)) } ?? String(line)
    }
    if let heading = lines.first { lines[0] = style.bold(heading) }
    return lines
  }
}
