import Wire

/// Processes as a table, one line each.
struct ProcessesTable {
  /// Our clock, microseconds since 1970.
  let now: Int64
  /// What is shown besides.
  var hasHosts = false
  var hasUnits = false

  /// The headings.
  var columns: [TextTable.Column] {
    var columns: [TextTable.Column] = hasHosts ? [.init("HOST")] : []
    columns += [
      .init("PID", .right), .init("USER"), .init("CPU", .right), .init("MEM", .right),
      .init("READ/s", .right), .init("WRITE/s", .right), .init("THREADS", .right), .init("S"),
      .init("AGE", .right),
    ]
    if hasUnits { columns.append(.init("UNIT")) }
    return columns + [.init("COMMAND")]
  }

  /// A process's row.
  func cells(_ process: Wire.ProcessInfo, of instance: String = "") -> [String] {
    let age = process.startedMicroseconds > 0 ? max(0, now - process.startedMicroseconds) : 0
    var cells = hasHosts ? [instance] : []
    cells += [
      String(process.pid), process.user, Units.percent(process.cpuRatio),
      Units.bytes(Double(process.residentBytes)), Units.bytes(process.readBytesPerSecond),
      Units.bytes(process.writtenBytesPerSecond), String(process.threads), process.state,
      age == 0 ? "-" : Units.duration(microseconds: age),
    ]
    if hasUnits { cells.append(process.unit) }
    return cells + [process.commandLine.isEmpty ? "[\(process.name)]" : process.commandLine]
  }
}

/// Groups of processes as a table, one line each.
struct ProcessGroupsTable {
  var hasHosts = false
  /// By what they are added up.
  let grouping: ProcessGrouping

  /// The headings.
  var columns: [TextTable.Column] {
    (hasHosts ? [.init("HOST")] : []) + [
      .init(grouping == .unit ? "UNIT" : "COMMAND"), .init("PROCESSES", .right), .init("THREADS", .right),
      .init("CPU", .right), .init("MEM", .right), .init("READ/s", .right), .init("WRITE/s", .right),
    ]
  }

  /// A group's row.
  func cells(_ group: ProcessGroup, of instance: String = "") -> [String] {
    (hasHosts ? [instance] : []) + [
      group.name, String(group.processes), String(group.threads), Units.percent(group.cpuRatio),
      Units.bytes(Double(group.residentBytes)), Units.bytes(group.readBytesPerSecond),
      Units.bytes(group.writtenBytesPerSecond),
    ]
  }
}
