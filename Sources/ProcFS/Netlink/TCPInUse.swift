/// `/proc/net/sockstat` and `/proc/net/sockstat6`, as far as they tell of TCP.
///
///     TCP: inuse 5 orphan 0 tw 9 alloc 5 mem 0
///     TCP6: inuse 2
public struct TCPInUse: Equatable, Sendable {
  /// IPv4, relative to a ``ProcRoot``.
  public static let path = "proc/net/sockstat"
  /// IPv6; not there without it.
  public static let path6 = "proc/net/sockstat6"

  /// Sockets in any state but TIME_WAIT, and none that has neither address nor peer yet.
  public private(set) var sockets: Int64 = 0
  /// What waits for late packets: TIME_WAIT, and a part of FIN_WAIT2; of both families.
  public private(set) var waiting: Int64 = 0

  /// None.
  public init() {}

  /// Adds the numbers of one of the files.
  public mutating func add(_ text: UnsafeRawBufferPointer, of path: String) throws(KernelError) {
    var cursor = Cursor(text)
    var line = 1
    while !cursor.isAtEnd {
      if cursor.skip(prefix: "TCP: ") || cursor.skip(prefix: "TCP6: ") {
        return try addLine(&cursor, of: text, line, path)
      }
      cursor.skipLine()
      line += 1
    }
    throw .malformed(file: path, line: line, reason: "a line of TCP is expected")
  }

  private mutating func addLine(
    _ cursor: inout Cursor, of text: UnsafeRawBufferPointer, _ line: Int, _ path: String
  ) throws(KernelError) {
    var hasSockets = false
    while true {
      let name = cursor.word().bytes(in: text)
      if name.isEmpty { break }
      guard let number = cursor.number() else {
        throw .malformed(file: path, line: line, reason: "names and numbers are expected")
      }
      if name.elementsEqual("inuse".utf8) {
        sockets = Self.sum(sockets, number)
        hasSockets = true
      } else if name.elementsEqual("tw".utf8) {
        waiting = Self.sum(waiting, number)
      }
    }
    guard hasSockets else { throw .malformed(file: path, line: line, reason: "inuse is expected") }
  }

  private static func sum(_ one: Int64, _ other: Int64) -> Int64 {
    let (sum, overflow) = one.addingReportingOverflow(other)
    return overflow ? .max : sum
  }
}
