/// The `grpc-message` trailer: UTF-8, percent-encoded where it is not printable ASCII (PROTOCOL-HTTP2.md).
enum StatusMessage {
  /// A longer sentence is cut, so that the trailers stay far below any peer's header limit.
  static let bytesMaximum = 1024

  static func encode(_ message: String) -> String {
    var text: [UInt8] = []
    let bytes = Array(cut(message).utf8)
    for (index, byte) in bytes.enumerated() {
      // A space at an end must be escaped, or RFC 9113, 8.2.1 makes the whole field malformed.
      let isAtEnd = index == 0 || index == bytes.count - 1
      if (0x21...0x7e).contains(byte) && byte != UInt8(ascii: "%") || byte == 0x20 && !isAtEnd {
        text.append(byte)
      } else {
        text += [UInt8(ascii: "%"), digit(byte >> 4), digit(byte & 15)]
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// What is not a valid escape stays as it is: a damaged message is better than none.
  static func decode(_ text: String) -> String {
    let bytes = Array(text.utf8)
    guard bytes.contains(UInt8(ascii: "%")) else { return text }
    var message: [UInt8] = []
    var index = 0
    while index < bytes.count {
      if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count,
        let high = value(bytes[index + 1]), let low = value(bytes[index + 2])
      {
        message.append(high << 4 | low)
        index += 3
      } else {
        message.append(bytes[index])
        index += 1
      }
    }
    return String(decoding: message, as: UTF8.self)
  }

  /// The longest prefix of whole characters that fits.
  private static func cut(_ message: String) -> Substring {
    guard message.utf8.count > bytesMaximum else { return message[...] }
    var end = message.utf8.index(message.startIndex, offsetBy: bytesMaximum)
    while end.samePosition(in: message.unicodeScalars) == nil { end = message.utf8.index(before: end) }
    return message[..<end]
  }

  private static func digit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "A") + value - 10
  }

  private static func value(_ digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
