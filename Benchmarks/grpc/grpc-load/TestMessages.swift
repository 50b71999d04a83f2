import LoadLoop

/// The few messages of grpc.testing that are needed, byte by byte.
enum TestMessages {
  static let streamingInputCall = "/grpc.testing.TestService/StreamingInputCall"
  static let emptyCall = "/grpc.testing.TestService/EmptyCall"

  private static let maximumHeaderBytes = 16

  /// A StreamingInputCallRequest of exactly `count` bytes, and how many of them the server adds up.
  static func inputRequest(bytes count: Int) throws -> (message: [UInt8], bodyBytes: Int) {
    for bodyBytes in max(count - maximumHeaderBytes, 0)...count {
      let payload = field(2, bytes: Array(repeating: UInt8(ascii: "x"), count: bodyBytes))
      let message = field(1, bytes: payload)
      if message.count == count { return (message, bodyBytes) }
    }
    throw LoadError("no StreamingInputCallRequest has \(count) bytes")
  }

  /// The sum in a StreamingInputCallResponse; nil when it is none.
  static func aggregatedSize(of response: UnsafeRawBufferPointer) -> Int? {
    guard let tag = response.first else { return 0 }
    guard tag == 1 << 3 else { return nil }
    var value = 0
    for (index, byte) in response.dropFirst().enumerated() {
      value |= Int(byte & 0x7f) << (7 * index)
    }
    return value
  }

  private static func field(_ number: UInt8, bytes: [UInt8]) -> [UInt8] {
    [number << 3 | 2] + varint(bytes.count) + bytes
  }

  private static func varint(_ value: Int) -> [UInt8] {
    value < 0x80 ? [UInt8(value)] : [UInt8(value & 0x7f) | 0x80] + varint(value >> 7)
  }
}
