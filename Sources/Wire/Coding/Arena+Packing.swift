internal import CProtobufC

// Building the C structs of a message: everything they point at is copied into the arena, so that nothing
// has to be kept alive by hand.
extension Arena {
  /// Text as C has it; it ends at a NUL, which no text of ours contains.
  func text(_ string: String) -> UnsafeMutablePointer<CChar> {
    var string = string
    return string.withUTF8 { utf8 in
      let copy = take(CChar.self, count: utf8.count + 1)
      utf8.withMemoryRebound(to: CChar.self) { copy.update(from: $0.baseAddress!, count: $0.count) }
      copy[utf8.count] = 0
      return copy
    }
  }

  /// A message's struct.
  func message<M: WireMessage>(_ value: M) -> UnsafeMutablePointer<M.Packed> {
    let packed = take(M.Packed.self)
    M.prepare(packed)
    value.fill(&packed.pointee, self)
    return packed
  }

  /// A list of messages, as the two fields that C has for it.
  func list<M: WireMessage>(
    _ values: some Collection<M>
  ) -> (Int, UnsafeMutablePointer<UnsafeMutablePointer<M.Packed>?>?) {
    if values.isEmpty { return (0, nil) }
    let pointers = take(UnsafeMutablePointer<M.Packed>?.self, count: values.count)
    for (index, value) in values.enumerated() { (pointers + index).initialize(to: message(value)) }
    return (values.count, pointers)
  }

  /// A list of numbers, as the two fields that C has for it.
  func column<T: BitwiseCopyable>(_ values: [T]) -> (Int, UnsafeMutablePointer<T>?) {
    if values.isEmpty { return (0, nil) }
    let copy = take(T.self, count: values.count)
    values.withUnsafeBufferPointer { copy.update(from: $0.baseAddress!, count: $0.count) }
    return (values.count, copy)
  }
}

/// Appends a message to a buffer, packed.
func pack(_ message: UnsafePointer<ProtobufCMessage>, into buffer: inout [UInt8]) {
  let start = buffer.count
  let size = protobuf_c_message_get_packed_size(message)
  buffer.append(contentsOf: repeatElement(0, count: size))
  buffer.withUnsafeMutableBufferPointer { bytes in
    guard let base = bytes.baseAddress else { return }
    let written = protobuf_c_message_pack(message, base + start)
    precondition(written == size, "protobuf-c wrote \(written) bytes where it had announced \(size)")
  }
}
