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

  /// Text for people, cut to so many bytes, so that no peer refuses it for its length.
  func text(_ string: String, cutTo limit: Int) -> UnsafeMutablePointer<CChar> { text(string.cut(to: limit)) }

  /// A list of texts, as the two fields that C has for it.
  func texts(
    _ strings: some Collection<String>, cutTo limit: Int = .max
  ) -> (Int, UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?) {
    if strings.isEmpty { return (0, nil) }
    let pointers = take(UnsafeMutablePointer<CChar>?.self, count: strings.count)
    for (index, string) in strings.enumerated() {
      (pointers + index).initialize(to: text(string, cutTo: limit))
    }
    return (strings.count, pointers)
  }

  /// Bytes as C has them.
  func bytes(_ bytes: [UInt8]) -> ProtobufCBinaryData {
    let (count, data) = column(bytes)
    return ProtobufCBinaryData(len: count, data: data)
  }

  /// A list of bytes, as the two fields that C has for it.
  func byteStrings(_ values: [[UInt8]]) -> (Int, UnsafeMutablePointer<ProtobufCBinaryData>?) {
    column(values.map(bytes))
  }

  /// The struct of a message that has no Swift value of its own.
  func message<Packed>(
    _ prepare: (UnsafeMutablePointer<Packed>) -> Void, _ fill: (inout Packed) -> Void = { _ in }
  ) -> UnsafeMutablePointer<Packed> {
    let packed = take(Packed.self)
    prepare(packed)
    fill(&packed.pointee)
    return packed
  }

  /// A message's struct; nil, which costs no byte, if it says nothing.
  func message<M: WireMessage & Equatable>(_ value: M, unless empty: M) -> UnsafeMutablePointer<M.Packed>? {
    value == empty ? nil : message(value)
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

extension String {
  /// The whole characters that fit into so many bytes with a "…" after them, or all of it.
  func cut(to limit: Int) -> String {
    utf8.count <= limit ? self : prefix(utf8Bytes: max(limit - 3, 0)) + "…"
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
