/// `/proc/net/udp` and `/proc/net/udp6`: bytes waiting in the queues of all UDP sockets. See proc_pid_net(5).
///
///        sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode …
///      1061: 0100007F:0035 00000000:0000 07 00000000:00000A00 00:00000000 00000000   101        0 18344 …
///
/// A line for each socket, of which there may be many thousands. They are only summed.
public struct UDPQueues {
  /// Sockets of IPv4, relative to a ``ProcRoot``.
  public static let path = "proc/net/udp"
  /// Sockets of IPv6.
  public static let path6 = "proc/net/udp6"

  /// Bytes waiting to be sent.
  public private(set) var sent: Int64 = 0
  /// Bytes waiting to be read.
  public private(set) var received: Int64 = 0

  private let path: String

  /// Nothing parsed yet. `path` is for errors.
  public init(path: String) {
    self.path = path
  }

  /// Replaces the sums by those of `text`. After an error they are incomplete.
  public mutating func parse(_ text: UnsafeRawBufferPointer) throws(KernelError) {
    sent = 0
    received = 0
    var cursor = Cursor(text)
    if cursor.isAtEnd { throw .malformed(file: path, line: 1, reason: "a heading is expected") }
    cursor.skipLine()
    var line = 2
    while !cursor.isAtEnd {
      cursor.skipBlanks()
      if !cursor.isAtLineEnd {
        guard add(&cursor) else {
          throw .malformed(file: path, line: line, reason: "two queues are expected in the fifth column")
        }
      }
      cursor.skipLine()
      line += 1
    }
  }

  /// Adds the queues of one socket; false if they are not there.
  private mutating func add(_ cursor: inout Cursor) -> Bool {
    for _ in 0..<4 { _ = cursor.word() }
    cursor.skipBlanks()
    guard let sent = cursor.hexadecimalDigits(), cursor.skip(UInt8(ascii: ":")),
      let received = cursor.hexadecimalNumber()
    else { return false }
    self.sent = self.sent.saturatingAdding(sent)
    self.received = self.received.saturatingAdding(received)
    return true
  }
}
