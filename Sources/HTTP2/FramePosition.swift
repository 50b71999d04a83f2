internal import CNghttp2

/// Where the peer's bytes stand: between two frames, or inside something that it has begun and not ended: a frame, a
/// header block (HEADERS and its CONTINUATIONs), a client's preface. nghttp2 does not tell, and what is never ended
/// must not be waited for for ever. (RFC 9113, 3.4, 4.1 and 6.10)
struct FramePosition {
  private static let prefaceBytes = 24
  private static let headBytes = 9

  /// Bytes of the preface or of a frame's payload that are still to come.
  private var rest: Int
  /// What has come of a frame's head.
  private var head: UInt64 = 0
  private var headCount = 0
  private var isHeaderBlockOpen = false
  /// How often something begun has ended.
  private(set) var ends: UInt64 = 0

  init(_ role: HTTP2Session.Role) {
    rest = role == .server ? Self.prefaceBytes : 0
  }

  /// Whether something is begun.
  var isInside: Bool { rest > 0 || headCount > 0 || isHeaderBlockOpen }

  /// Goes on over bytes that have come.
  mutating func pass(_ bytes: UnsafeRawBufferPointer) {
    var index = 0
    while index < bytes.count {
      if rest > 0 {
        let skipped = min(rest, bytes.count - index)
        rest -= skipped
        index += skipped
        if rest == 0 { ends &+= 1 }
      } else {
        // The stream's number is not needed: length, type and flags are the first five bytes.
        if headCount < 5 { head = head << 8 | UInt64(bytes[index]) }
        headCount += 1
        index += 1
        if headCount == Self.headBytes { begin() }
      }
    }
  }

  /// A frame's head is complete.
  private mutating func begin() {
    let type = UInt8(truncatingIfNeeded: head >> 8)
    if type == FrameType.headers || type == FrameType.continuation {
      isHeaderBlockOpen = head & UInt64(NGHTTP2_FLAG_END_HEADERS.rawValue) == 0
    }
    rest = Int(head >> 16)
    (head, headCount) = (0, 0)
    if rest == 0 { ends &+= 1 }
  }
}
