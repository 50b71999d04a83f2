import Wire

/// What processes, and groups of them, are ordered by: what `--sort` takes.
public enum ProcessUse: String, CaseIterable, Sendable {
  /// CPU time.
  case cpu
  /// Memory in RAM.
  case memory
  /// Bytes read and written.
  case io
}

/// What uses CPU, memory and storage: a process, or a group.
protocol Using {
  var cpuRatio: Double { get }
  var residentBytes: UInt64 { get }
  var readBytesPerSecond: Double { get }
  var writtenBytesPerSecond: Double { get }
}

extension Wire.ProcessInfo: Using {}
extension ProcessGroup: Using {}

extension Using {
  /// How much it uses; what is not known counts as nothing.
  func amount(_ use: ProcessUse) -> Double {
    switch use {
    case .cpu: cpuRatio
    case .memory: Double(residentBytes)
    case .io: [readBytesPerSecond, writtenBytesPerSecond].reduce(0) { $0 + ($1.isFinite ? $1 : 0) }
    }
  }
}

extension [HostProcesses] {
  /// Of all hosts, what uses most, each with its host. A list has so many of each order: what it has beyond those of
  /// this order is left out, since what it lacks might use more.
  func ranked<Row: Using>(
    by use: ProcessUse, _ rows: (ProcessList) -> [Row]
  ) -> [(host: HostProcesses, row: Row)] {
    flatMap { host -> [(host: HostProcesses, row: Row)] in
      let used = rows(host.processes).filter { $0.amount(use) > 0 }
      let first = used.sorted { $0.amount(use) > $1.amount(use) }
      return first.prefix(Int(host.processes.top)).map { (host, $0) }
    }
    .sorted { $0.row.amount(use) > $1.row.amount(use) }
  }
}
