/// A message of D-Bus, as far as a client needs it. See the D-Bus specification, "Message Protocol".
///
///     byte order  type  flags  1      l or B; 1 call, 2 return, 3 error, 4 signal
///     length of the body, serial      two numbers of 4 bytes
///     array of (code, variant)        5: the serial replied to, 4: the error's name, 8: the body's signature
///     padding to 8, body
struct DBusMessage {
  enum Kind: UInt8 {
    case call = 1, returned, error, signal
  }

  /// Bytes of the fixed part, with the length of the fields.
  static let prefixBytes = 16
  /// Larger messages are not read: 5,000 units take 2 MB.
  static let maximumBytes = 8 << 20

  let kind: Kind
  let replySerial: UInt32?
  let errorName: String?
  let signature: String
  let isBigEndian: Bool
  let body: [UInt8]

  /// How many bytes the message has that begins with these; nil if they are too few to tell.
  static func byteCount(_ bytes: UnsafeRawBufferPointer) throws(DBusError) -> Int? {
    guard bytes.count >= prefixBytes else { return nil }
    var reader = DBusReader(bytes, isBigEndian: try isBigEndian(bytes), at: 4)
    let body = Int(try reader.uint32())
    _ = try reader.uint32()
    let fields = Int(try reader.uint32())
    let count = padded(prefixBytes + fields) + body
    guard count <= maximumBytes else { throw .tooLarge(maximumBytes) }
    return count
  }

  /// Reads a whole message.
  init(parsing bytes: UnsafeRawBufferPointer) throws(DBusError) {
    isBigEndian = try Self.isBigEndian(bytes)
    guard bytes.count >= Self.prefixBytes, let kind = Kind(rawValue: bytes[1]), bytes[3] == 1 else {
      throw .malformed("not a message of version 1")
    }
    self.kind = kind
    var reader = DBusReader(bytes, isBigEndian: isBigEndian, at: 4)
    let bodyCount = Int(try reader.uint32())
    guard try reader.uint32() != 0 else { throw .malformed("a serial of 0") }
    let end = try reader.arrayEnd(alignment: 8)
    var (reply, error, signature) = (UInt32?.none, String?.none, "")
    while reader.offset < end {
      try reader.align(to: 8)
      let code = try reader.byte()
      let type = try reader.signature()
      switch (code, type) {
      case (4, "s"): error = try reader.string()
      case (5, "u"): reply = try reader.uint32()
      case (8, "g"): signature = try reader.signature()
      default: try reader.skip(type)
      }
    }
    guard reader.offset == end else { throw .malformed("fields longer than they say") }
    try reader.align(to: 8)
    guard bytes.count - reader.offset == bodyCount else { throw .malformed("a body of another length") }
    (replySerial, errorName, self.signature) = (reply, error, signature)
    body = Array(bytes[reader.offset...])
  }

  /// Reads the body.
  func read<Value>(
    _ expected: String, _ body: (inout DBusReader) throws(DBusError) -> Value
  ) throws(DBusError) -> Value {
    guard signature == expected else { throw .malformed("an answer of type \(signature)") }
    let bytes = self.body
    let result: Result<Value, DBusError> = bytes.withUnsafeBytes { bytes in
      var reader = DBusReader(bytes, isBigEndian: isBigEndian)
      do throws(DBusError) { return .success(try body(&reader)) } catch { return .failure(error) }
    }
    return try result.get()
  }

  private static func isBigEndian(_ bytes: UnsafeRawBufferPointer) throws(DBusError) -> Bool {
    switch bytes.first {
    case UInt8(ascii: "l"): return false
    case UInt8(ascii: "B"): return true
    default: throw .malformed("neither little nor big endian")
    }
  }

  private static func padded(_ count: Int) -> Int { (count + 7) & ~7 }
}

/// A call of a method whose arguments are strings.
struct DBusCall {
  var destination: String?
  var path: String
  var interface: String
  var member: String
  var arguments: [String] = []

  /// The message, in little endian.
  func encoded(serial: UInt32) -> [UInt8] {
    var body: [UInt8] = []
    for argument in arguments { body.append(string: argument) }
    var fields: [UInt8] = []
    fields.append(field: 1, type: "o", path)
    fields.append(field: 2, type: "s", interface)
    fields.append(field: 3, type: "s", member)
    if let destination { fields.append(field: 6, type: "s", destination) }
    if !arguments.isEmpty { fields.append(signatureField: String(repeating: "s", count: arguments.count)) }
    var message: [UInt8] = [UInt8(ascii: "l"), DBusMessage.Kind.call.rawValue, 0, 1]
    message.append(uint32: UInt32(body.count))
    message.append(uint32: serial)
    message.append(uint32: UInt32(fields.count))
    message += fields
    message.pad(to: 8)
    return message + body
  }
}

extension [UInt8] {
  fileprivate mutating func pad(to size: Int) {
    while count % size != 0 { append(0) }
  }

  fileprivate mutating func append(uint32 value: UInt32) {
    pad(to: 4)
    Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
  }

  fileprivate mutating func append(string: String) {
    append(uint32: UInt32(string.utf8.count))
    append(contentsOf: string.utf8)
    append(0)
  }

  /// A header field: the fields' array begins at a multiple of 8, so that places in it are aligned as in the message.
  fileprivate mutating func append(field code: UInt8, type: Character, _ value: String) {
    pad(to: 8)
    append(contentsOf: [code, 1])
    append(contentsOf: String(type).utf8)
    append(0)
    append(string: value)
  }

  fileprivate mutating func append(signatureField signature: String) {
    pad(to: 8)
    append(contentsOf: [8, 1, UInt8(ascii: "g"), 0, UInt8(signature.utf8.count)])
    append(contentsOf: signature.utf8)
    append(0)
  }
}
