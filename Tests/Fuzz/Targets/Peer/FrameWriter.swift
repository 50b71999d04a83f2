/// HTTP/2 as a peer might send it: right in form, so that it is understood, and free in sense.
struct FrameWriter {
  static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)

  enum Kind: UInt8 {
    case data, headers, priority, reset, settings, pushPromise, ping, goAway, windowUpdate, continuation
  }

  enum Flag {
    static let endStream: UInt8 = 0x1
    static let acknowledgement: UInt8 = 0x1
    static let endHeaders: UInt8 = 0x4
  }

  private(set) var bytes: [UInt8] = []

  mutating func append(_ raw: [UInt8]) { bytes += raw }

  mutating func frame(_ kind: Kind, flags: UInt8 = 0, stream: UInt32, _ payload: [UInt8]) {
    frame(kind.rawValue, flags: flags, stream: stream, payload)
  }

  mutating func frame(_ kind: UInt8, flags: UInt8, stream: UInt32, _ payload: [UInt8]) {
    bytes += UInt32(payload.count).octets.dropFirst()
    bytes += [kind, flags]
    bytes += stream.octets
    bytes += payload
  }

  mutating func headers(_ fields: [(String, String)], stream: UInt32, isEnd: Bool) {
    frame(
      .headers, flags: Flag.endHeaders | (isEnd ? Flag.endStream : 0), stream: stream, Self.block(fields))
  }

  mutating func settings(_ values: [(id: UInt16, value: UInt32)]) {
    frame(
      .settings, stream: 0, values.flatMap { [UInt8($0.id >> 8), UInt8($0.id & 0xff)] + $0.value.octets })
  }

  /// A header block without compression: each field is a literal that is not put in the table (RFC 7541, 6.2.2).
  private static func block(_ fields: [(String, String)]) -> [UInt8] {
    fields.flatMap { [0] + text($0.0) + text($0.1) }
  }

  private static func text(_ text: String) -> [UInt8] {
    let utf8 = Array(text.utf8)
    guard utf8.count >= 0x7f else { return [UInt8(utf8.count)] + utf8 }
    var length: [UInt8] = [0x7f]
    var rest = utf8.count - 0x7f
    while rest >= 0x80 {
      length.append(UInt8(rest & 0x7f) | 0x80)
      rest >>= 7
    }
    return length + [UInt8(rest)] + utf8
  }
}

extension UInt32 {
  /// Most significant first.
  var octets: [UInt8] { withUnsafeBytes(of: bigEndian) { Array($0) } }
}
