/// The frame around a message: one byte that says whether it is compressed, four of length, most significant
/// first.
///
///     0          1                                       5
///     +----------+---------------------------------------+----------------- - -
///     | flag 0/1 | length, big endian                    | message
///     +----------+---------------------------------------+----------------- - -
enum MessageFraming {
  static let prefixBytes = 5

  /// Appends a message, encoded by `body`, behind its prefix; compressed, if that makes it smaller.
  static func append(
    to buffer: inout [UInt8], compressingWith codec: MessageCodec?, _ body: (inout [UInt8]) -> Void
  ) {
    guard let codec else { return append(to: &buffer, flag: 0, body) }
    var plain: [UInt8] = []
    body(&plain)
    var small: [UInt8] = []
    plain.withUnsafeBytes { codec.compress($0, &small) }
    let isSmaller = small.count < plain.count
    append(to: &buffer, flag: isSmaller ? 1 : 0) { $0.append(contentsOf: isSmaller ? small : plain) }
  }

  private static func append(to buffer: inout [UInt8], flag: UInt8, _ body: (inout [UInt8]) -> Void) {
    let start = buffer.count
    buffer.append(flag)
    for _ in 1..<prefixBytes { buffer.append(0) }
    body(&buffer)
    let length = buffer.count - start - prefixBytes
    precondition(0 <= length && length <= Int(UInt32.max), "a message over 4 GiB, or encoding removed bytes")
    for index in 1..<prefixBytes {
      buffer[start + index] = UInt8(truncatingIfNeeded: length >> (8 * (prefixBytes - 1 - index)))
    }
  }
}

/// Finds the messages in a stream's bytes.
///
/// A message that lies whole in one chunk is handed out where it lies; others are put together in one buffer,
/// which grows with the bytes that arrive (not with the length that is announced), and is freed after its message: kept,
/// thousands of idle streams would hold one each.
struct MessageDeframer: ~Copyable {
  private let messageBytesMaximum: Int
  /// Whether messages may be compressed: the peer said how.
  var allowsCompression = false
  /// Whether the message that was handed out last is.
  private(set) var isCompressed = false
  /// Bytes of the prefix that were read, and their value.
  private var prefixCount = 0
  private var prefix: UInt64 = 0
  /// What the prefix said, once it is complete.
  private var length = 0
  private var buffer = UnsafeMutableRawBufferPointer(start: nil, count: 0)
  private var filled = 0

  init(messageBytesMaximum: Int) {
    self.messageBytesMaximum = messageBytesMaximum
  }

  deinit {
    buffer.deallocate()
  }

  /// Memory taken by a message that has arrived in part.
  var heldBytes: Int { buffer.count }

  /// Whether the stream stopped inside a message.
  var isInsideMessage: Bool { prefixCount > 0 }

  /// Takes bytes off the front of `chunk`: the next message (valid until the next call, or as long as the
  /// chunk), or nil when all bytes were taken and there is none. Throws the status that the call shall end
  /// with.
  mutating func next(_ chunk: inout UnsafeRawBufferPointer) throws(Status) -> UnsafeRawBufferPointer? {
    try readPrefix(&chunk)
    guard prefixCount == MessageFraming.prefixBytes else { return nil }
    if filled == 0, chunk.count >= length {
      prefixCount = 0
      return take(length, from: &chunk)
    }
    fill(from: &chunk)
    guard filled == length else { return nil }
    prefixCount = 0
    filled = 0
    return UnsafeRawBufferPointer(rebasing: buffer[..<length])
  }

  /// Forgets a message that has arrived in part, and frees its memory. Nothing can be read after it.
  mutating func discard() {
    buffer.deallocate()
    buffer = UnsafeMutableRawBufferPointer(start: nil, count: 0)
    (prefixCount, filled, length) = (0, 0, 0)
  }

  private mutating func readPrefix(_ chunk: inout UnsafeRawBufferPointer) throws(Status) {
    guard prefixCount < MessageFraming.prefixBytes else { return }
    if prefixCount == 0 {
      prefix = 0
      releaseBuffer()
    }
    while prefixCount < MessageFraming.prefixBytes, let byte = chunk.first {
      prefix = prefix << 8 | UInt64(byte)
      prefixCount += 1
      chunk = UnsafeRawBufferPointer(rebasing: chunk.dropFirst())
    }
    if prefixCount == MessageFraming.prefixBytes { try judgePrefix() }
  }

  private mutating func judgePrefix() throws(Status) {
    length = Int(prefix & 0xffff_ffff)
    switch prefix >> 32 {
    case 0: isCompressed = false
    case 1 where allowsCompression: isCompressed = true
    case 1: throw Status(.internalError, "a message is marked compressed, but no grpc-encoding was agreed")
    case let flag: throw Status(.internalError, "a message has the flag \(flag); only 0 and 1 have a meaning")
    }
    guard length <= messageBytesMaximum else {
      throw Status(
        .resourceExhausted, "a message of \(length) bytes is over the limit of \(messageBytesMaximum)")
    }
  }

  private mutating func fill(from chunk: inout UnsafeRawBufferPointer) {
    let part = take(min(length - filled, chunk.count), from: &chunk)
    guard !part.isEmpty else { return }
    reserve(filled + part.count)
    UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]).copyMemory(from: part)
    filled += part.count
  }

  private func take(_ count: Int, from chunk: inout UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    let taken = UnsafeRawBufferPointer(rebasing: chunk.prefix(count))
    chunk = UnsafeRawBufferPointer(rebasing: chunk.dropFirst(count))
    return taken
  }

  private mutating func reserve(_ count: Int) {
    guard count > buffer.count else { return }
    let larger = UnsafeMutableRawBufferPointer.allocate(
      byteCount: max(count, min(length, 2 * buffer.count)), alignment: 16)
    larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[..<filled]))
    buffer.deallocate()
    buffer = larger
  }

  private mutating func releaseBuffer() {
    guard !buffer.isEmpty else { return }
    buffer.deallocate()
    buffer = UnsafeMutableRawBufferPointer(start: nil, count: 0)
  }
}
