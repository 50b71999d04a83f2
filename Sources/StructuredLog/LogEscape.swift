/// Text into a line, so that the line stays one line and shows what is there.
enum LogEscape {
  /// Appends text between quotes, escaped as JSON strings are (RFC 8259, section 7), cut at the
  /// limit. logfmt readers take the same escapes.
  static func appendQuoted(_ text: String, to line: inout [UInt8]) {
    line.append(UInt8(ascii: "\""))
    var budget = LogLimits.maximumValueBytes
    for scalar in text.unicodeScalars {
      budget -= UTF8.width(scalar)
      guard budget >= 0 else {
        line.append(contentsOf: "…".utf8)
        break
      }
      append(scalar, to: &line)
    }
    line.append(UInt8(ascii: "\""))
  }

  /// Appends a logfmt value: bare when nothing in it needs quotes.
  static func appendValue(_ text: String, to line: inout [UInt8]) {
    let isBare =
      !text.isEmpty && text.utf8.count <= LogLimits.maximumValueBytes && text.utf8.allSatisfy(isBare)
    if isBare { line.append(contentsOf: text.utf8) } else { appendQuoted(text, to: &line) }
  }

  /// Appends a logfmt key: what a key cannot hold becomes `_`.
  static func appendKey(_ key: String, to line: inout [UInt8]) {
    if key.isEmpty { line.append(UInt8(ascii: "_")) }
    for byte in key.utf8.prefix(LogLimits.maximumValueBytes) {
      line.append(isBare(byte) ? byte : UInt8(ascii: "_"))
    }
  }

  /// Printable ASCII without blank, quote, `=` and backslash.
  private static func isBare(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "="), UInt8(ascii: "\\"): false
    default: byte > 0x20 && byte < 0x7F
    }
  }

  private static func append(_ scalar: Unicode.Scalar, to line: inout [UInt8]) {
    switch scalar {
    case "\"": line.append(contentsOf: #"\""#.utf8)
    case "\\": line.append(contentsOf: #"\\"#.utf8)
    case "\n": line.append(contentsOf: #"\n"#.utf8)
    case "\r": line.append(contentsOf: #"\r"#.utf8)
    case "\t": line.append(contentsOf: #"\t"#.utf8)
    case let scalar where isDangerous(scalar): appendHexadecimal(scalar, to: &line)
    default: line.append(contentsOf: UTF8.encode(scalar)!)
    }
  }

  /// Control characters (C0, DEL, C1), line and paragraph separators, and the marks that turn
  /// the direction of text: harmless data, harmful on a terminal.
  private static func isDangerous(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0...0x1F, 0x7F...0x9F, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF: true
    default: false
    }
  }

  private static func appendHexadecimal(_ scalar: Unicode.Scalar, to line: inout [UInt8]) {
    let digits = Array("0123456789abcdef".utf8)
    line.append(contentsOf: "\\u".utf8)
    for shift in [12, 8, 4, 0] as [UInt32] {
      line.append(digits[Int(scalar.value >> shift & 0xF)])
    }
  }
}
