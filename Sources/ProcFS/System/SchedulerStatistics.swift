/// `/proc/schedstat`: how long tasks ran on each CPU, and waited for it. See the kernel's
/// Documentation/scheduler/sched-stats.rst.
///
///     version 15
///     timestamp 4363110540
///     cpu0 0 0 0 0 0 0 1403462983250 308264815712 30291457
///     domain0 00000000,00000003 …
///
/// Versions 15 to 17 differ in their lines of domains only, which are long and passed over. What a later version
/// means by its numbers is not known here: the kernel counts it up so that programs may give up.
public struct SchedulerStatistics {
  /// The file, relative to a ``ProcRoot``. It is missing without CONFIG_SCHEDSTATS.
  public static let path = "proc/schedstat"

  /// Versions whose lines of CPUs are known.
  public static let knownVersions: ClosedRange<Int64> = 15...17

  /// One online CPU.
  public struct CPU {
    /// The kernel's number of the CPU.
    public let number: Int
    /// Time in which tasks ran, in nanoseconds.
    public let running: Int64
    /// Time in which tasks were ready and waited, summed over them, in nanoseconds.
    public let waiting: Int64
    /// How often a task was given the CPU.
    public let timeslices: Int64
  }

  /// The online CPUs, in the file's order.
  public private(set) var cpus: [CPU] = []

  /// Columns before those that are read: calls of yield, schedule and wake-ups.
  private static let columnsBefore = 6

  /// Nothing parsed yet.
  public init() {}

  /// Replaces the values by those of `text`. After an error they are incomplete.
  public mutating func parse(_ text: UnsafeRawBufferPointer) throws(KernelError) {
    cpus.removeAll(keepingCapacity: true)
    var cursor = Cursor(text)
    guard cursor.skip(prefix: "version"), let version = cursor.number() else {
      throw malformed(1, "the version is expected")
    }
    guard Self.knownVersions.contains(version) else {
      throw malformed(1, "version \(version) is not known, \(Self.knownVersions) are")
    }
    cursor.skipLine()
    var line = 2
    while !cursor.isAtEnd {
      if cursor.skip(prefix: "cpu") { try parseCPU(&cursor, line) }
      cursor.skipLine()
      line += 1
    }
    if cpus.isEmpty { throw malformed(line, "no line of a CPU") }
  }

  private mutating func parseCPU(_ cursor: inout Cursor, _ line: Int) throws(KernelError) {
    guard let number = cursor.digits(), cursor.isAtBlank, number < Stat.maximumCPUs,
      cpus.count < Stat.maximumCPUs
    else {
      throw malformed(line, "a CPU's number below \(Stat.maximumCPUs) is expected")
    }
    for _ in 0..<Self.columnsBefore where cursor.number() == nil { throw tooFew(line) }
    guard let running = cursor.number(), let waiting = cursor.number(), let timeslices = cursor.number()
    else { throw tooFew(line) }
    cpus.append(CPU(number: Int(number), running: running, waiting: waiting, timeslices: timeslices))
  }

  private func tooFew(_ line: Int) -> KernelError {
    malformed(line, "\(Self.columnsBefore + 3) numbers of a CPU are expected")
  }

  private func malformed(_ line: Int, _ reason: String) -> KernelError {
    .malformed(file: Self.path, line: line, reason: reason)
  }
}
