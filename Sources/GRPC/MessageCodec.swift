/// A way to compress messages, one by one (grpc/doc/compression.md). Two of one name are the same.
public struct MessageCodec: Sendable {
  /// As `grpc-encoding` calls it.
  public let name: String
  /// Appends a message, compressed, to a buffer.
  public let compress: @Sendable (_ message: UnsafeRawBufferPointer, _ output: inout [UInt8]) -> Void
  /// Appends what was compressed to a buffer, at most `limit` bytes. Throws RESOURCE_EXHAUSTED when it is more,
  /// before it is made; INTERNAL when the bytes are not what they should be.
  public let decompress:
    @Sendable (_ message: UnsafeRawBufferPointer, _ limit: Int, _ output: inout [UInt8]) throws(Status) ->
      Void

  /// A codec of these parts.
  public init(
    name: String,
    compress: @escaping @Sendable (UnsafeRawBufferPointer, inout [UInt8]) -> Void,
    decompress: @escaping @Sendable (UnsafeRawBufferPointer, Int, inout [UInt8]) throws(Status) -> Void
  ) {
    self.name = name
    self.compress = compress
    self.decompress = decompress
  }
}

extension MessageCodec {
  /// Hands out a message as it was before it was compressed; throws as `decompress` does.
  func decompressed(
    _ message: UnsafeRawBufferPointer, limit: Int, _ body: (UnsafeRawBufferPointer) -> Void
  ) throws(Status) {
    var plain: [UInt8] = []
    try decompress(message, limit, &plain)
    plain.withUnsafeBytes(body)
  }
}

extension MessageCodec: Hashable {
  /// Whether they have one name.
  public static func == (one: MessageCodec, other: MessageCodec) -> Bool { one.name == other.name }

  /// By name.
  public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

extension [MessageCodec] {
  /// As `grpc-accept-encoding` says it.
  var acceptEncoding: String { (["identity"] + map(\.name)).joined(separator: ",") }

  /// What a peer's `grpc-encoding` (nil: it sent none) means.
  func encoding(_ name: String?) -> MessageEncoding {
    guard let name, name != "identity" else { return .identity }
    return first { $0.name == name }.map { .codec($0) } ?? .unknown(name)
  }

  /// The codec of this name, if a peer that sent this `grpc-accept-encoding` takes it.
  func accepted(_ name: String, by acceptEncoding: String?) -> MessageCodec? {
    let names = (acceptEncoding ?? "").split(separator: ",").map { MetadataName.trimmed(String($0)) }
    return names.contains(name) ? first { $0.name == name } : nil
  }
}

/// How the messages of a call are compressed, in one direction.
enum MessageEncoding {
  case identity
  case codec(MessageCodec)
  case unknown(String)

  var codec: MessageCodec? {
    if case .codec(let codec) = self { codec } else { nil }
  }
}
