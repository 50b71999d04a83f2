/// Why what a D-Bus peer says cannot be used.
public enum DBusError: Error, Hashable, Sendable {
  /// It is not D-Bus.
  case malformed(String)
  /// It is larger than is read.
  case tooLarge(Int)
  /// It does not talk to this user.
  case rejected
  /// A call was answered with an error of this name.
  case failed(String)
}

/// Reads values off D-Bus's wire format, in either byte order, and never past the end. See the D-Bus specification,
/// "Type System".
struct DBusReader {
  private let bytes: UnsafeRawBufferPointer
  private let isBigEndian: Bool
  private(set) var offset: Int

  /// - Parameter offset: where to begin: values are aligned from the start of `bytes`.
  init(_ bytes: UnsafeRawBufferPointer, isBigEndian: Bool, at offset: Int = 0) {
    self.bytes = bytes
    self.isBigEndian = isBigEndian
    self.offset = offset
  }

  var isAtEnd: Bool { offset >= bytes.count }

  /// Steps over the padding before a value: zeros.
  mutating func align(to size: Int) throws(DBusError) {
    while offset % size != 0 {
      guard try byte() == 0 else { throw .malformed("padding is not zero") }
    }
  }

  mutating func byte() throws(DBusError) -> UInt8 {
    guard offset < bytes.count else { throw .malformed("cut off") }
    defer { offset += 1 }
    return bytes[offset]
  }

  mutating func uint32() throws(DBusError) -> UInt32 {
    try align(to: 4)
    guard bytes.count - offset >= 4 else { throw .malformed("cut off") }
    defer { offset += 4 }
    let raw = bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
    return isBigEndian ? UInt32(bigEndian: raw) : UInt32(littleEndian: raw)
  }

  /// A string or an object path.
  mutating func string() throws(DBusError) -> String { try text(ofLength: Int(try uint32())) }

  mutating func signature() throws(DBusError) -> String { try text(ofLength: Int(try byte())) }

  /// A variant that holds a string.
  mutating func stringVariant() throws(DBusError) -> String {
    guard try signature() == "s" else { throw .malformed("the variant holds no string") }
    return try string()
  }

  /// Steps over a value of a basic type.
  mutating func skip(_ type: String) throws(DBusError) {
    switch type {
    case "y": _ = try byte()
    case "s", "o": _ = try string()
    case "g": _ = try signature()
    case "n", "q": try skip(2)
    case "b", "i", "u", "h": try skip(4)
    case "x", "t", "d": try skip(8)
    default: throw .malformed("a value of type \(type)")
    }
  }

  /// The end of an array that begins here, its elements aligned so.
  mutating func arrayEnd(alignment: Int) throws(DBusError) -> Int {
    let count = Int(try uint32())
    try align(to: alignment)
    guard count <= bytes.count - offset else { throw .malformed("cut off") }
    return offset + count
  }

  private mutating func skip(_ size: Int) throws(DBusError) {
    try align(to: size)
    guard bytes.count - offset >= size else { throw .malformed("cut off") }
    offset += size
  }

  /// Bytes and a NUL.
  private mutating func text(ofLength count: Int) throws(DBusError) -> String {
    guard count < bytes.count - offset else { throw .malformed("cut off") }
    guard bytes[offset + count] == 0 else { throw .malformed("a text without its NUL") }
    defer { offset += count + 1 }
    return String(decoding: bytes[offset..<offset + count], as: UTF8.self)
  }
}
