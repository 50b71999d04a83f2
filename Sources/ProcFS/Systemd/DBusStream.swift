/// What a D-Bus server sends: first lines, in which it lets the client in, then messages. Bytes in, messages out.
///
/// The client authenticates as who it is (`EXTERNAL` without a name: the server asks the kernel), and does not wait for
/// the answer before it goes on, as systemd's own clients do.
struct DBusStream {
  /// What a client sends first.
  static let greeting = Array("\0AUTH EXTERNAL\r\nDATA\r\nBEGIN\r\n".utf8)
  /// No line is longer.
  static let maximumLineBytes = 1024

  private var bytes: [UInt8] = []
  private var start = 0
  private var isLetIn = false

  /// Takes in what was received.
  mutating func append(_ received: UnsafeRawBufferPointer) {
    if start > 0 {
      bytes.removeSubrange(..<start)
      start = 0
    }
    bytes.append(contentsOf: received)
  }

  /// The next message, if it is there as a whole.
  mutating func next() throws(DBusError) -> DBusMessage? {
    while !isLetIn {
      guard let line = try nextLine() else { return nil }
      if line.starts(with: "OK ".utf8) {
        isLetIn = true
      } else if !line.starts(with: "DATA".utf8) {
        throw .rejected
      }
    }
    let start = start
    let result: Result<(DBusMessage, Int)?, DBusError> = bytes.withUnsafeBytes { bytes in
      do throws(DBusError) {
        let rest = UnsafeRawBufferPointer(rebasing: bytes[start...])
        guard let count = try DBusMessage.byteCount(rest), rest.count >= count else { return .success(nil) }
        return .success((try DBusMessage(parsing: UnsafeRawBufferPointer(rebasing: rest[..<count])), count))
      } catch {
        return .failure(error)
      }
    }
    guard let (message, count) = try result.get() else { return nil }
    self.start += count
    return message
  }

  private mutating func nextLine() throws(DBusError) -> ArraySlice<UInt8>? {
    let rest = bytes[start...]
    guard let end = rest.firstIndex(of: UInt8(ascii: "\n")) else {
      if rest.count > Self.maximumLineBytes { throw .malformed("a line without an end") }
      return nil
    }
    start = end + 1
    return rest[..<end]
  }
}
