/// Which metadata may travel, and which names belong to gRPC and HTTP/2 themselves.
enum MetadataName {
  /// Names under `grpc-` that applications may use; all others are the protocol's.
  private static let open = ["grpc-status-details-bin", "grpc-trace-bin", "grpc-tags-bin"]

  /// Names outside `grpc-` that this module writes or reads itself.
  private static let reserved = [
    "content-type", "te", "user-agent", "host", "connection", "transfer-encoding",
  ]

  /// Whether an application may send a name (in lower case).
  static func isAllowed(_ name: String) -> Bool {
    guard !name.isEmpty, name.utf8.allSatisfy(isNameByte) else { return false }
    return !isProtocol(name) && !reserved.contains(name)
  }

  /// Whether a received field is the application's to see. `user-agent` is: it says who calls.
  static func isVisible(_ name: String) -> Bool {
    if name.utf8.first == UInt8(ascii: ":") { return false }
    return !isProtocol(name) && name != "content-type" && name != "te"
  }

  /// Printable ASCII (PROTOCOL-HTTP2.md, "ASCII-Value").
  static func isPrintable(_ value: String) -> Bool {
    value.utf8.allSatisfy { (0x20...0x7e).contains($0) }
  }

  /// Without spaces at the ends, which RFC 9113, 8.2.1 forbids.
  static func trimmed(_ value: String) -> String {
    guard value.utf8.first == UInt8(ascii: " ") || value.utf8.last == UInt8(ascii: " ") else { return value }
    let start = value.drop { $0 == " " }
    return String(start[..<(start.lastIndex { $0 != " " }.map(start.index(after:)) ?? start.startIndex)])
  }

  private static func isProtocol(_ name: String) -> Bool {
    name.utf8.starts(with: "grpc-".utf8) && !open.contains(name)
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
      UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."):
      true
    default: false
    }
  }
}
