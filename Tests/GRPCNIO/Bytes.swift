import GRPC

/// A message that is its bytes.
struct Bytes: GRPCMessage, Hashable, Sendable, ExpressibleByStringLiteral {
  var bytes: [UInt8]

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  init(_ text: String) {
    bytes = Array(text.utf8)
  }

  init(stringLiteral text: String) {
    self.init(text)
  }

  /// `size` bytes that begin with a number, big-endian.
  init(number: Int, size: Int) {
    bytes = (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * $0)) }
    bytes += [UInt8](repeating: 0, count: max(0, size - 4))
  }

  init(decoding bytes: UnsafeRawBufferPointer) throws(Status) {
    self.bytes = [UInt8](bytes)
  }

  func encode(into buffer: inout [UInt8]) {
    buffer.append(contentsOf: bytes)
  }

  var text: String { String(decoding: bytes, as: UTF8.self) }
  var number: Int { bytes.prefix(4).reduce(0) { $0 << 8 | Int($1) } }
  /// The whitespace separated numbers of its text.
  var numbers: [Int] { text.split(separator: " ").compactMap { Int($0) } }
}

/// The service both sides' tests speak: Tests/Foreign/peer_server.py is the same one in Python.
enum Peer {
  static let unary = method("Unary")
  static let expand = method("Expand")
  static let collect = method("Collect")
  static let slow = method("Slow")
  static let chat = method("Chat")
  static let fail = method("Fail")
  static let hang = method("Hang")
  static let remaining = method("Remaining")
  static let control = method("Control")
  static let nothing = method("Nothing")

  private static func method(_ name: String) -> Method<Bytes, Bytes> {
    Method(service: "muster.test.Peer", name: name)
  }
}
