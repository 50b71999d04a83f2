/// Goes through the bytes of a packed message field by field, without memory of its own. Nil from any of these: the
/// bytes are no message, and nothing more is to be asked.
///
/// As protobuf-c has it: numbers of fields and lengths take at most 5 bytes, varints 10, of which what is over 64 bits
/// is dropped; groups, and fields of number 0, are refused. (https://protobuf.dev/programming-guides/encoding)
struct ProtobufScanner {
  /// How a field's content is written.
  enum Content: UInt8 {
    case varint = 0
    case eightBytes = 1
    case block = 2
    case fourBytes = 5
  }

  private var next: UnsafePointer<UInt8>
  private let end: UnsafePointer<UInt8>

  /// A scanner at the beginning of `bytes`.
  init(_ bytes: UnsafeRawBufferPointer) {
    // Any address will do where there is nothing to be read.
    let start = bytes.baseAddress ?? UnsafeRawPointer(bitPattern: 1)!
    next = start.assumingMemoryBound(to: UInt8.self)
    end = next + bytes.count
  }

  @inline(__always)
  var isAtEnd: Bool { next == end }

  /// A field's number, and how its content is written.
  @inline(__always)
  mutating func key() -> (field: UInt32, content: Content)? {
    guard let key = shortVarint(), key >= 8,
      let content = Content(rawValue: UInt8(truncatingIfNeeded: key & 7))
    else { return nil }
    return (UInt32(truncatingIfNeeded: key >> 3), content)
  }

  @inline(__always)
  mutating func varint() -> UInt64? {
    guard next < end else { return nil }
    let first = next.pointee
    next += 1
    return first < 0x80 ? UInt64(first) : longVarint(from: UInt64(first & 0x7f), bytes: 10)
  }

  /// A piece of the message, behind its length.
  @inline(__always)
  mutating func block() -> UnsafeRawBufferPointer? {
    guard let length = shortVarint() else { return nil }
    return bytes(Int(length))
  }

  @inline(__always)
  mutating func bytes(_ count: Int) -> UnsafeRawBufferPointer? {
    guard count <= end - next else { return nil }
    defer { next += count }
    return UnsafeRawBufferPointer(start: next, count: count)
  }

  /// Where a content lies, whatever it is: that of a block without its length.
  mutating func content(_ content: Content) -> UnsafeRawBufferPointer? {
    switch content {
    case .block: return block()
    case .eightBytes: return bytes(8)
    case .fourBytes: return bytes(4)
    case .varint:
      let start = next
      return varint().map { _ in UnsafeRawBufferPointer(start: start, count: next - start) }
    }
  }

  /// A number of a field, or a length: at most 5 bytes.
  @inline(__always)
  private mutating func shortVarint() -> UInt64? {
    guard next < end else { return nil }
    let first = next.pointee
    next += 1
    return first < 0x80 ? UInt64(first) : longVarint(from: UInt64(first & 0x7f), bytes: 5)
  }

  private mutating func longVarint(from low: UInt64, bytes: UInt64) -> UInt64? {
    var value = low
    for place in 1..<bytes {
      guard next < end else { return nil }
      let byte = next.pointee
      next += 1
      value |= UInt64(byte & 0x7f) &<< (place &* 7)
      if byte < 0x80 { return value }
    }
    return nil
  }
}

extension UnsafeRawBufferPointer {
  /// How many varints there are, if each of them ends.
  var varintCount: Int? {
    guard let last else { return 0 }
    guard last < 0x80 else { return nil }
    var count = 0
    for byte in self where byte < 0x80 { count &+= 1 }
    return count
  }
}
