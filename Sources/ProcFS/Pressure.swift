/// `/proc/pressure/*`: time lost waiting for a resource. See the kernel's Documentation/accounting/psi.rst.
///
///     some avg10=6.78 avg60=2.97 avg300=3.80 total=33494214
///     full avg10=0.00 avg60=0.00 avg300=0.00 total=0
///
/// Only the totals are read: any average can be made of them. The file is missing before Linux 4.20, without
/// CONFIG_PSI, and when booted with `psi=0`.
public struct Pressure {
  /// What tasks waited for.
  public enum Resource: String, CaseIterable, Sendable {
    /// The `full` line of `cpu` has no meaning for a whole system and is always 0; `irq` (since Linux 6.1, with
    /// CONFIG_IRQ_TIME_ACCOUNTING) has a `full` line only.
    case cpu, memory, io, irq

    /// The file, relative to a ``ProcRoot``.
    public var path: String { "proc/pressure/\(rawValue)" }
  }

  /// Microseconds in which at least one task waited; nil if the kernel does not say.
  public private(set) var some: Int64?
  /// Microseconds in which all tasks that were not idle waited; nil if the kernel does not say.
  public private(set) var full: Int64?

  private let path: String

  /// Nothing parsed yet.
  public init(_ resource: Resource) {
    path = resource.path
  }

  /// Nothing parsed yet of a cgroup's file, `cpu.pressure`: it has the same lines.
  public init(ofCgroup resource: Resource) {
    path = resource.rawValue + ".pressure"
  }

  /// Replaces the values by those of `text`.
  public mutating func parse(_ text: UnsafeRawBufferPointer) throws(KernelError) {
    (some, full) = (nil, nil)
    var cursor = Cursor(text)
    var line = 1
    while !cursor.isAtEnd {
      if cursor.skip(prefix: "some ") {
        some = try total(&cursor, line)
      } else if cursor.skip(prefix: "full ") {
        full = try total(&cursor, line)
      }
      cursor.skipLine()
      line += 1
    }
    if some == nil, full == nil {
      throw .malformed(file: path, line: line, reason: "neither a line some nor a line full")
    }
  }

  private func total(_ cursor: inout Cursor, _ line: Int) throws(KernelError) -> Int64 {
    while true {
      cursor.skipBlanks()
      if cursor.skip(prefix: "total=") {
        if let total = cursor.number() { return total }
        break
      }
      if cursor.word().count == 0 { break }
    }
    throw .malformed(file: path, line: line, reason: "total= and a number are expected")
  }
}
