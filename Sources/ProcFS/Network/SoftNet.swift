/// `/proc/net/softnet_stat`: packets that each CPU took from network cards. The kernel's
/// net/core/net-procfs.c is all the documentation there is.
///
///     02eef0c1 00000046 00000015 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 …
///
/// A line for each CPU that is online, of 9 hexadecimal numbers, 10 since Linux 2.6.35, 11 since 3.11, 13 since
/// 5.10 and 15 since 6.4. Only since 5.10 one of them is the CPU's number.
public struct SoftNet {
  /// The file, relative to a ``ProcRoot``.
  public static let path = "proc/net/softnet_stat"

  /// More CPUs than this are an error.
  public static let maximumCPUs = Stat.maximumCPUs

  /// The numbers of a CPU that mean something, in the file's order.
  public enum Column: Int, CaseIterable, Sendable {
    /// Packets processed; dropped for a full queue; how often there was more to do than time or budget.
    case processed, dropped, timesSqueezed
    /// Collisions (always 0 since Linux 4.8); wake-ups by other CPUs; packets of flows over their limit; packets
    /// waiting.
    case collisions, receivedRPS, flowLimit, backlog
  }

  /// One CPU.
  public struct CPU {
    /// Its number, if the kernel says it.
    public fileprivate(set) var number: Int?
    /// Values per ``Column``.
    public fileprivate(set) var values: InlineArray<7, Int64>
    /// How many of `values` the kernel wrote.
    public fileprivate(set) var count: Int
  }

  /// The CPUs, in the file's order.
  public private(set) var cpus: [CPU] = []

  /// Nothing parsed yet.
  public init() {}

  /// Replaces the CPUs by those of `text`. After an error they are incomplete.
  public mutating func parse(_ text: UnsafeRawBufferPointer) throws(KernelError) {
    cpus.removeAll(keepingCapacity: true)
    var cursor = Cursor(text)
    var line = 1
    while !cursor.isAtEnd {
      cursor.skipBlanks()
      if !cursor.isAtLineEnd {
        guard cpus.count < Self.maximumCPUs else {
          throw malformed(line, "more than \(Self.maximumCPUs) CPUs")
        }
        cpus.append(try cpu(&cursor, line))
      }
      cursor.skipLine()
      line += 1
    }
    if cpus.isEmpty { throw malformed(line, "no CPU") }
  }

  private func cpu(_ cursor: inout Cursor, _ line: Int) throws(KernelError) -> CPU {
    var cpu = CPU(number: nil, values: .init(repeating: 0), count: 0)
    var column = 0
    while !cursor.isAtLineEnd {
      guard let value = cursor.hexadecimalNumber() else {
        throw malformed(line, "a hexadecimal number is expected")
      }
      switch column {
      // 3 to 7 were counters of long ago.
      case 0...2, 8...11:
        cpu.values[cpu.count] = value
        cpu.count += 1
      case 12:
        guard value < Self.maximumCPUs else { throw malformed(line, "\(value) is no number of a CPU") }
        cpu.number = Int(value)
      default: break
      }
      column += 1
      cursor.skipBlanks()
    }
    guard column >= 9 else { throw malformed(line, "\(column) numbers of a CPU, expected 9 or more") }
    return cpu
  }

  private func malformed(_ line: Int, _ reason: String) -> KernelError {
    .malformed(file: Self.path, line: line, reason: reason)
  }
}
