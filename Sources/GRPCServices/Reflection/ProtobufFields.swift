/// Walks the fields of a packed message that another part of this program has made: descriptors. Only fields with a
/// length (texts, messages) are of interest; others are passed over. What cannot be read ends the walk.
/// Source: protobuf.dev/programming-guides/encoding.
struct ProtobufFields: Sequence, IteratorProtocol {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

  /// The next field with a length.
  mutating func next() -> (number: UInt64, bytes: ArraySlice<UInt8>)? {
    while let tag = varint() {
      switch tag & 7 {
      case 0: guard varint() != nil else { return nil }
      case 1: rest = rest.dropFirst(8)
      case 2:
        guard let length = varint(), length <= UInt64(rest.count) else { return nil }
        defer { rest = rest.dropFirst(Int(length)) }
        return (tag >> 3, rest.prefix(Int(length)))
      case 5: rest = rest.dropFirst(4)
      default: return nil
      }
    }
    return nil
  }

  private mutating func varint() -> UInt64? {
    var value: UInt64 = 0
    for shift in stride(from: 0 as UInt64, to: 64, by: 7) {
      guard let byte = rest.popFirst() else { return nil }
      value |= UInt64(byte & 0x7f) << shift
      if byte & 0x80 == 0 { return value }
    }
    return nil
  }
}
