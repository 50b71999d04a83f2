import Wire

/// The fleet as a table, one line a host. What only some fleets have takes a column only where a host has
/// it: a config, a twin.
struct HostsTable {
  private let hosts: [HostInfo]
  private let now: Int64

  /// Of these hosts, in this order; `now` in microseconds since 1970.
  init(_ hosts: [HostInfo], now: Int64) {
    self.hosts = hosts
    self.now = now
  }

  /// The headings and the rows.
  func text(style: Style) -> String {
    let columns = columns
    var table = TextTable(columns.map(\.heading))
    for host in hosts { table.add(columns.map { $0.cell(host) }) }
    return table.text(style: style)
  }

  private struct Column {
    let heading: TextTable.Column
    let cell: (HostInfo) -> String

    init(_ title: String, _ alignment: Alignment = .left, _ cell: @escaping (HostInfo) -> String) {
      heading = TextTable.Column(title, alignment)
      self.cell = cell
    }
  }

  private var columns: [Column] {
    var columns = [
      Column("HOST") { $0.instance },
      Column("STATE") { $0.state.word },
      Column("CPU", .right) { Units.percent($0.figures.cpuBusyRatio) },
      Column("MEM", .right) { Units.percent($0.figures.memoryUsedRatio) },
      Column("LOAD", .right) { Units.fixed($0.figures.load1, 2) },
      Column("AGE", .right) { since($0.lastFrameMicroseconds) },
      Column("LAG", .right) { Units.duration(microseconds: $0.lagMicroseconds) },
      Column("CLOCK", .right) { Units.duration(microseconds: $0.clockOffsetMicroseconds) },
      Column("SERIES", .right) { String($0.series) },
      Column("MISSING", .right) { String($0.missingFrames) },
      Column("CONNECTED", .right) { since($0.connectedSinceMicroseconds) },
      Column("KERNEL") { $0.kernelRelease },
      Column("VERSION") { $0.collectorVersion },
    ]
    if hosts.contains(where: \.hasConfig) { columns.append(Column("CONFIG") { $0.configText }) }
    if hosts.contains(where: { !$0.clonedFrom.isEmpty }) {
      columns.append(Column("CLONE OF") { String($0.clonedFrom.prefix(12)) })
    }
    if hosts.contains(where: { !$0.shedding.isEmpty }) {
      columns.append(Column("OVER BUDGET") { $0.shedding })
    }
    columns.append(Column("LABELS") { $0.labelTexts.joined(separator: ",") })
    return columns
  }

  private func since(_ time: Int64) -> String {
    time == 0 ? "-" : Units.duration(microseconds: max(0, now - time))
  }
}
