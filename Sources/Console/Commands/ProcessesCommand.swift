import GRPC
import Glibc
import Wire

/// `muster processes`: what uses most on the selected hosts, as their collectors said last.
public struct ProcessesCommand: Sendable {
  private let aggregator: AggregatorOptions
  private let selector: String
  private let use: ProcessUse
  private let showsGroups: Bool
  private let count: Int
  private let output: OutputFormat

  /// Asks for the processes (or for groups of them) of the hosts a selector chooses, and shows the `count` that use most
  /// of something.
  public init(
    aggregator: AggregatorOptions, selector: String, use: ProcessUse, showsGroups: Bool, count: Int,
    output: OutputFormat
  ) {
    self.aggregator = aggregator
    self.selector = selector
    self.use = use
    self.showsGroups = showsGroups
    self.count = count
    self.output = output
  }

  /// Prints them.
  public func run() async throws {
    let hosts = try await aggregator.askForAll(
      MusterService.listProcesses, ListProcessesRequest(selector: selector))
    guard !hosts.isEmpty else {
      throw CommandFailure(
        .notFound,
        """
        no host that '\(SelectorText.name(selector))' means has listed its processes. A collector does so within 30 s of \
        its start, if its source `processes` is on and `top_processes` is not 0; `muster run self-check` says more.
        """)
    }
    if showsGroups {
      try showGroups(hosts)
    } else {
      try showProcesses(hosts)
    }
  }

  private func showProcesses(_ hosts: [HostProcesses]) throws {
    let rows = hosts.ranked(by: use, \.processes).prefix(count)
    if output == .json {
      for (host, process) in rows {
        try StandardOutput.write(JSONOutput.line(ListedProcessDocument(host, process)))
      }
      return
    }
    let look = ProcessesTable(
      now: WallClock.microseconds, hasHosts: hosts.count > 1, hasUnits: rows.contains { !$0.row.unit.isEmpty }
    )
    write(look.columns, rows.map { look.cells($0.row, of: $0.host.instance) }, hosts)
  }

  private func showGroups(_ hosts: [HostProcesses]) throws {
    let rows = hosts.ranked(by: use, \.groups).prefix(count)
    if output == .json {
      for (host, group) in rows {
        try StandardOutput.write(JSONOutput.line(ProcessGroupDocument(host, group)))
      }
      return
    }
    let look = ProcessGroupsTable(
      hasHosts: hosts.count > 1,
      grouping: hosts.first { !$0.processes.groups.isEmpty }?.processes.grouping ?? .none)
    write(look.columns, rows.map { look.cells($0.row, of: $0.host.instance) }, hosts)
  }

  private func write(_ columns: [TextTable.Column], _ rows: [[String]], _ hosts: [HostProcesses]) {
    var table = TextTable(columns)
    for row in rows { table.add(row) }
    let style = Style.suiting(descriptor: STDOUT_FILENO)
    let width = Terminal.Size(of: STDOUT_FILENO)?.columns
    for (place, line) in table.text(style: Style(isEnabled: false)).split(separator: "\n").enumerated() {
      let shown = width.map { String(line).cut(to: $0) } ?? String(line)
      StandardOutput.write((place == 0 ? style.bold(shown) : shown) + "\n")
    }
    StandardOutput.write(style.dim(summary(hosts)) + "\n")
  }

  /// `5 hosts, 1204 processes; looked at up to 12s ago`
  private func summary(_ hosts: [HostProcesses]) -> String {
    let total = hosts.reduce(0) { $0 + Int($1.processes.total) }
    let oldest = hosts.map(\.processes.timeMicroseconds).min() ?? 0
    let age = Units.duration(microseconds: max(0, WallClock.microseconds - oldest))
    let window = hosts.map(\.processes.windowMilliseconds).max() ?? 0
    return "\(Units.counted(hosts.count, "host")), \(Units.counted(total, "process", "processes")), over "
      + "\(DurationArgument(milliseconds: window).text), looked at \(hosts.count > 1 ? "up to " : "")\(age) ago"
  }
}

/// A process of a host, as a line.
private struct ListedProcessDocument: Encodable {
  let instance: String
  let timeUs: Int64
  let windowMs: UInt32
  let process: ProcessDocument

  init(_ host: HostProcesses, _ process: Wire.ProcessInfo) {
    instance = host.instance
    timeUs = host.processes.timeMicroseconds
    windowMs = host.processes.windowMilliseconds
    self.process = ProcessDocument(process)
  }
}

/// A group of a host, as a line.
private struct ProcessGroupDocument: Encodable {
  let instance: String
  let timeUs: Int64
  let windowMs: UInt32
  let groupedBy: String
  let group: String
  let processes: UInt32
  let threads: UInt32
  let cpuRatio: Double?
  let residentBytes: UInt64
  let readBytesPerSecond: Double?
  let writtenBytesPerSecond: Double?

  init(_ host: HostProcesses, _ group: ProcessGroup) {
    instance = host.instance
    timeUs = host.processes.timeMicroseconds
    windowMs = host.processes.windowMilliseconds
    groupedBy = host.processes.grouping == .unit ? "unit" : "command"
    self.group = group.name
    processes = group.processes
    threads = group.threads
    cpuRatio = group.cpuRatio.finite
    residentBytes = group.residentBytes
    readBytesPerSecond = group.readBytesPerSecond.finite
    writtenBytesPerSecond = group.writtenBytesPerSecond.finite
  }
}
