/// `/proc/stat`: CPU time, interrupts, context switches, processes. See proc_stat(5).
///
///     cpu  42292 0 7777 100374 443 0 37 414 0 0
///     cpu0 20186 0 3699 51522 30 0 8 226 0 0
///     intr 261807 0 0 ...
///     ctxt 334697
///     btime 1795215988
///     processes 10596
///     procs_running 1
///     procs_blocked 0
///
/// A line the kernel did not write leaves its value nil. Lines of other names are passed over.
public struct Stat {
  /// The file, relative to a ``ProcRoot``.
  public static let path = "proc/stat"

  /// More CPUs than this are an error: the kernel itself has 8192 at most.
  public static let maximumCPUs = 8192

  /// What a CPU spent its time on, in the file's order.
  public enum Mode: Int, CaseIterable, Sendable {
    /// One case per column. `guest` and `guestNice` are contained in `user` and `nice`.
    case user, nice, system, idle, iowait, irq, softirq, steal, guest, guestNice
  }

  /// One online CPU.
  public struct CPU {
    /// The kernel's number of the CPU; numbers have gaps where a CPU is offline.
    public var number: Int
    /// Time per ``Mode``, in ticks of `sysconf(_SC_CLK_TCK)`.
    public var ticks: InlineArray<10, Int64>
    /// How many of `ticks` the kernel wrote: 10 since Linux 2.6.33.
    public var count: Int
  }

  /// The online CPUs, in the file's order.
  public private(set) var cpus: [CPU] = []
  /// Interrupts serviced since boot, of all kinds.
  public private(set) var interrupts: Int64?
  /// Context switches since boot, over all CPUs.
  public private(set) var contextSwitches: Int64?
  /// When the system booted, seconds since 1970.
  public private(set) var bootTime: Int64?
  /// Processes and threads created since boot.
  public private(set) var forks: Int64?
  /// Threads running or ready to run now.
  public private(set) var running: Int64?
  /// Processes blocked, waiting for I/O to complete, now.
  public private(set) var blocked: Int64?

  /// Nothing parsed yet.
  public init() {}

  /// Replaces the values by those of `text`. After an error they are incomplete.
  public mutating func parse(_ text: UnsafeRawBufferPointer) throws(KernelError) {
    clear()
    var cursor = Cursor(text)
    var line = 1
    while !cursor.isAtEnd {
      try parseLine(&cursor, line)
      cursor.skipLine()
      line += 1
    }
    if cpus.isEmpty { throw .malformed(file: Self.path, line: line, reason: "no line of a CPU") }
  }

  private mutating func clear() {
    cpus.removeAll(keepingCapacity: true)
    (interrupts, contextSwitches, bootTime, forks, running, blocked) = (nil, nil, nil, nil, nil, nil)
  }

  private mutating func parseLine(_ cursor: inout Cursor, _ line: Int) throws(KernelError) {
    if cursor.skip(prefix: "cpu") {
      // The first line, of all CPUs together, has no number.
      if let number = cursor.digits() { try parseCPU(Int(number), &cursor, line) }
    } else if cursor.skip(prefix: "intr ") {
      interrupts = try number(&cursor, line)
    } else if cursor.skip(prefix: "ctxt ") {
      contextSwitches = try number(&cursor, line)
    } else if cursor.skip(prefix: "btime ") {
      bootTime = try number(&cursor, line)
    } else if cursor.skip(prefix: "processes ") {
      forks = try number(&cursor, line)
    } else if cursor.skip(prefix: "procs_running ") {
      running = try number(&cursor, line)
    } else if cursor.skip(prefix: "procs_blocked ") {
      blocked = try number(&cursor, line)
    }
  }

  private func number(_ cursor: inout Cursor, _ line: Int) throws(KernelError) -> Int64 {
    guard let value = cursor.number() else {
      throw .malformed(file: Self.path, line: line, reason: "a number is expected")
    }
    return value
  }

  private mutating func parseCPU(_ number: Int, _ cursor: inout Cursor, _ line: Int) throws(KernelError) {
    guard number < Self.maximumCPUs, cpus.count < Self.maximumCPUs else {
      throw .malformed(file: Self.path, line: line, reason: "more than \(Self.maximumCPUs) CPUs")
    }
    var cpu = CPU(number: number, ticks: .init(repeating: 0), count: 0)
    guard let count = cursor.numbers(into: &cpu.ticks) else {
      throw .malformed(file: Self.path, line: line, reason: "a number is expected")
    }
    cpu.count = count
    // Since Linux 2.4 there are four columns at least.
    guard cpu.count >= 4 else {
      throw .malformed(file: Self.path, line: line, reason: "\(cpu.count) times of a CPU, expected 4 to 10")
    }
    cpus.append(cpu)
  }
}
