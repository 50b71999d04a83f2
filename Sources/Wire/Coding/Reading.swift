internal import CProtobufC
internal import GRPC

// Reading the fields of an unpacked message. Each has a limit and, for the sentence, a name.

/// protobuf-c's one empty string: what a field points at that was not sent. A constant, never written to.
private nonisolated(unsafe) let absentText: UnsafeMutablePointer<CChar>? = {
  var label = Muster__V1__Label()
  muster__v1__label__init(&label)
  return label.name
}()

/// A string of at most `limit` bytes, valid UTF-8, without NUL.
func text(
  _ pointer: UnsafeMutablePointer<CChar>?, _ field: StaticString, _ limit: Int
) throws(Status) -> String {
  guard let pointer, pointer != absentText else { return "" }
  let length = Arena.length(of: pointer)
  try bound(length, field, limit, "bytes")
  let bytes = UnsafeRawBufferPointer(start: pointer, count: length)
  guard let text = String(validating: bytes, as: UTF8.self) else {
    throw Status(.invalidArgument, "\(field) is not valid UTF-8")
  }
  if bytes.contains(0) { throw Status(.invalidArgument, "\(field) contains a NUL") }
  return text
}

/// A list of at most `limit` texts, each of at most `bytesLimit` bytes.
func texts(
  _ pointers: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?, _ count: Int, _ field: StaticString,
  _ limit: Int, _ bytesLimit: Int
) throws(Status) -> [String] {
  try bound(count, field, limit, "entries")
  var strings: [String] = []
  strings.reserveCapacity(count)
  for pointer in UnsafeBufferPointer(start: pointers, count: count) {
    strings.append(try text(pointer, field, bytesLimit))
  }
  return strings
}

/// At most `limit` bytes.
func bytes(_ data: ProtobufCBinaryData, _ field: StaticString, _ limit: Int) throws(Status) -> [UInt8] {
  try bound(data.len, field, limit, "bytes")
  return Array(UnsafeBufferPointer(start: data.data, count: data.len))
}

/// A list of at most `limit` pieces, each of at most `bytesLimit` bytes.
func byteStrings(
  _ values: UnsafeMutablePointer<ProtobufCBinaryData>?, _ count: Int, _ field: StaticString, _ limit: Int,
  _ bytesLimit: Int
) throws(Status) -> [[UInt8]] {
  try bound(count, field, limit, "entries")
  var pieces: [[UInt8]] = []
  pieces.reserveCapacity(count)
  for data in UnsafeBufferPointer(start: values, count: count) {
    pieces.append(try bytes(data, field, bytesLimit))
  }
  return pieces
}

/// A SHA-256, or nothing.
func digest(_ data: ProtobufCBinaryData, _ field: StaticString) throws(Status) -> [UInt8] {
  guard data.len == 0 || data.len == SHA256.digestBytes else {
    throw Status(
      .invalidArgument,
      "\(field) has \(data.len) bytes; a SHA-256 has \(SHA256.digestBytes), or 0 if there is none")
  }
  return Array(UnsafeBufferPointer(start: data.data, count: data.len))
}

/// A list of at most `limit` SHA-256.
func digests(
  _ values: UnsafeMutablePointer<ProtobufCBinaryData>?, _ count: Int, _ field: StaticString, _ limit: Int
) throws(Status) -> [[UInt8]] {
  try bound(count, field, limit, "entries")
  var digests: [[UInt8]] = []
  for data in UnsafeBufferPointer(start: values, count: count) where data.len > 0 {
    digests.append(try digest(data, field))
  }
  return digests
}

/// A message that may be absent.
func optional<M: WireMessage>(_ pointer: UnsafeMutablePointer<M.Packed>?) throws(Status) -> M? {
  guard let pointer else { return nil }
  return try M(pointer.pointee)
}

/// A list of at most `limit` messages.
func list<M: WireMessage>(
  _ pointers: UnsafeMutablePointer<UnsafeMutablePointer<M.Packed>?>?, _ count: Int, _ field: StaticString,
  _ limit: Int
) throws(Status) -> [M] {
  try bound(count, field, limit, "entries")
  var messages: [M] = []
  messages.reserveCapacity(count)
  for pointer in UnsafeBufferPointer(start: pointers, count: count) {
    if let pointer { messages.append(try M(pointer.pointee)) }
  }
  return messages
}

/// A list of at most `limit` numbers.
func column<T: BitwiseCopyable>(
  _ values: UnsafeMutablePointer<T>?, _ count: Int, _ field: StaticString, _ limit: Int
) throws(Status) -> [T] {
  try bound(count, field, limit, "entries")
  return Array(UnsafeBufferPointer(start: values, count: count))
}

private func bound(
  _ count: Int, _ field: StaticString, _ limit: Int, _ what: StaticString
) throws(Status) {
  if count > limit {
    throw Status(.invalidArgument, "\(field) has \(count) \(what); \(limit) are allowed")
  }
}
