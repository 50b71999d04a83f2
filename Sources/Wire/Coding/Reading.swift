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
