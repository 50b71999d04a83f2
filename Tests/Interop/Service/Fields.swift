import GRPC

// The service's messages are few and small, so they are packed by hand: no generated code, and a second pair of eyes
// beside the C library that packs everything else. Source: protobuf.dev/programming-guides/encoding.

/// Walks the fields of a packed message.
struct FieldReader {
  enum Value {
    case number(UInt64)
    case bytes(UnsafeRawBufferPointer)
    /// Of a type that none of the messages has.
    case other
  }

  private var rest: UnsafeRawBufferPointer.SubSequence

  init(_ bytes: UnsafeRawBufferPointer) {
    rest = bytes[...]
  }

  /// The next field, nil after the last. Throws INVALID_ARGUMENT where the bytes are no message.
  mutating func next() throws(Status) -> (number: UInt64, value: Value)? {
    guard !rest.isEmpty else { return nil }
    let tag = try varint()
    return (tag >> 3, try value(ofType: tag & 7))
  }

  private mutating func value(ofType type: UInt64) throws(Status) -> Value {
    switch type {
    case 0: return .number(try varint())
    case 1: try skip(8)
    case 2:
      let length = try varint()
      guard length <= UInt64(rest.count) else { throw Self.malformed }
      defer { rest = rest.dropFirst(Int(length)) }
      return .bytes(UnsafeRawBufferPointer(rebasing: rest.prefix(Int(length))))
    case 5: try skip(4)
    default: throw Self.malformed
    }
    return .other
  }

  private mutating func skip(_ count: Int) throws(Status) {
    guard rest.count >= count else { throw Self.malformed }
    rest = rest.dropFirst(count)
  }

  private mutating func varint() throws(Status) -> UInt64 {
    var value: UInt64 = 0
    for shift in stride(from: 0 as UInt64, to: 64, by: 7) {
      guard let byte = rest.popFirst() else { throw Self.malformed }
      value |= UInt64(byte & 0x7f) << shift
      if byte & 0x80 == 0 { return value }
    }
    throw Self.malformed
  }

  private static let malformed = Status(.invalidArgument, "bytes that are not a valid message")
}

/// Appends fields to a packed message; what is 0 or empty is left out, as proto3 has it.
extension [UInt8] {
  mutating func add(_ field: UInt8, number: Int) {
    guard number != 0 else { return }
    append(field << 3)
    appendVarint(UInt64(bitPattern: Int64(number)))
  }

  mutating func add(_ field: UInt8, bytes: some Collection<UInt8>) {
    guard !bytes.isEmpty else { return }
    append(field << 3 | 2)
    appendVarint(UInt64(bytes.count))
    append(contentsOf: bytes)
  }

  /// A message that is there, though it may be empty; nothing for nil.
  mutating func add(_ field: UInt8, message: (some GRPCMessage)?) {
    guard let message else { return }
    var packed: [UInt8] = []
    message.encode(into: &packed)
    append(field << 3 | 2)
    appendVarint(UInt64(packed.count))
    append(contentsOf: packed)
  }

  private mutating func appendVarint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    append(UInt8(rest))
  }
}
