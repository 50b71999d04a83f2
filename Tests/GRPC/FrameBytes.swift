import HTTP2

/// HTTP/2 frames as bytes, right or wrong (RFC 9113, section 4.1): nghttp2 would not send most of what tests need.
enum FrameBytes {
  static let endStream: UInt8 = 1
  static let endHeaders: UInt8 = 4

  static func frame(_ type: UInt8, _ flags: UInt8, _ stream: Int32, _ payload: [UInt8] = []) -> [UInt8] {
    withUnsafeBytes(of: UInt32(payload.count).bigEndian) { Array($0.dropFirst()) } + [type, flags]
      + number(UInt32(bitPattern: stream)) + payload
  }

  static func data(_ stream: Int32, _ bytes: [UInt8] = [], _ flags: UInt8 = 0) -> [UInt8] {
    frame(0, flags, stream, bytes)
  }

  static func headers(
    _ stream: Int32, _ fields: [(String, String)], _ flags: UInt8 = endHeaders
  ) -> [UInt8] {
    frame(1, flags, stream, block(fields))
  }

  static func reset(_ stream: Int32, _ code: HTTP2ErrorCode) -> [UInt8] {
    frame(3, 0, stream, number(code.rawValue))
  }

  static func number(_ value: UInt32) -> [UInt8] {
    withUnsafeBytes(of: value.bigEndian) { Array($0) }
  }

  /// Fields as literals that no table remembers (RFC 7541, 6.2.3), each name and value shorter than 127 bytes.
  static func block(_ fields: [(String, String)]) -> [UInt8] {
    var block: [UInt8] = []
    for (name, value) in fields {
      block += [0x10, UInt8(name.utf8.count)]
      block += name.utf8
      block.append(UInt8(value.utf8.count))
      block += value.utf8
    }
    return block
  }

  static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8) + frame(4, 0, 0)

  /// The error codes of the first GOAWAY that has one and of all RST_STREAMs in a connection's output.
  static func errors(in output: [UInt8]) -> (goAway: HTTP2ErrorCode?, resets: [HTTP2ErrorCode]) {
    func codes(_ type: UInt8, at offset: Int) -> [HTTP2ErrorCode] {
      numbers(of: type, at: offset, in: output).map { HTTP2ErrorCode(rawValue: $0) }
    }
    return (codes(7, at: 4).first { $0 != .noError }, codes(3, at: 0))
  }

  /// What the GOAWAYs in a connection's output name.
  static func lastStreams(in output: [UInt8]) -> [UInt32] { numbers(of: 7, at: 0, in: output) }

  /// A number in the payload of each frame of a type.
  private static func numbers(of type: UInt8, at offset: Int, in output: [UInt8]) -> [UInt32] {
    var numbers: [UInt32] = []
    var rest = output[...]
    while rest.count >= 9 {
      let length = rest.prefix(3).reduce(0) { $0 << 8 | Int($1) }
      let field = rest.dropFirst(9 + offset).prefix(4)
      if rest[rest.startIndex + 3] == type { numbers.append(field.reduce(0) { $0 << 8 | UInt32($1) }) }
      rest = rest.dropFirst(9 + length)
    }
    return numbers
  }
}
