/// A value that travels as one gRPC message.
public protocol GRPCMessage: SendableMetatype {
  /// Reads a value from a message's bytes, which are only valid during the call.
  ///
  /// Throws the status that the call shall end with, for example INVALID_ARGUMENT or INTERNAL.
  init(decoding bytes: UnsafeRawBufferPointer) throws(Status)

  /// Appends the value's bytes to `buffer`, and leaves what is already in it alone.
  func encode(into buffer: inout [UInt8])
}

/// The name of a method and the types that it takes and gives.
public struct Method<Request: GRPCMessage, Response: GRPCMessage>: Sendable {
  /// The path on the wire, `/package.Service/Method`.
  public let path: String

  /// A method of a service, both named as in the .proto file: `Method(service: "muster.v1.MetricsService",
  /// name: "Push")`.
  public init(service: String, name: String) {
    path = "/\(service)/\(name)"
  }
}
