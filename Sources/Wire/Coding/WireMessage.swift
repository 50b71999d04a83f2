internal import CProtobufC
internal import GRPC

/// A value that travels as a protobuf message, alone or in another: what it has to say for itself is how to
/// read and how to fill its C struct. Those that travel alone are `GRPCMessage`s by the extension below.
protocol WireMessage {
  /// The struct that protoc-c made for the message. Its first member is the `ProtobufCMessage`.
  associatedtype Packed

  /// Sets a struct to the message without any field.
  static func prepare(_ packed: UnsafeMutablePointer<Packed>)

  /// Reads an unpacked struct; everything is checked here.
  init(_ packed: Packed) throws(Status)

  /// Fills a prepared struct.
  func fill(_ packed: inout Packed, _ arena: Arena)
}

extension WireMessage {
  /// Reads a packed message. Throws INVALID_ARGUMENT, with a sentence that names the field.
  public init(decoding bytes: UnsafeRawBufferPointer) throws(Status) {
    let arena = Arena()
    defer { withExtendedLifetime(arena) {} }
    self = try Self(arena.unpack(Self.self, bytes).pointee)
  }

  /// Appends the packed message.
  public func encode(into buffer: inout [UInt8]) {
    let arena = Arena()
    defer { withExtendedLifetime(arena) {} }
    let packed = UnsafeRawPointer(arena.message(self)).assumingMemoryBound(to: ProtobufCMessage.self)
    pack(packed, into: &buffer)
  }

  /// What protobuf-c knows of the message.
  static var descriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    withUnsafeTemporaryAllocation(of: Packed.self, capacity: 1) { room in
      let packed = room.baseAddress!
      prepare(packed)
      return UnsafeRawPointer(packed).assumingMemoryBound(to: ProtobufCMessage.self).pointee.descriptor
    }
  }
}

extension Arena {
  /// Unpacks a message of this type into the arena.
  func unpack<M: WireMessage>(
    _ type: M.Type, _ bytes: UnsafeRawBufferPointer
  ) throws(Status) -> UnsafeMutablePointer<M.Packed> {
    let message = try unpackMessage(type.descriptor, bytes)
    return UnsafeMutableRawPointer(message).assumingMemoryBound(to: M.Packed.self)
  }

  /// Unpacks a message into the arena, or says what is wrong with it.
  func unpackMessage(
    _ descriptor: UnsafePointer<ProtobufCMessageDescriptor>, _ bytes: UnsafeRawBufferPointer
  ) throws(Status) -> UnsafeMutablePointer<ProtobufCMessage> {
    switch unpack(descriptor, bytes) {
    case .message(let message): return message
    case .malformed:
      let name = String(cString: descriptor.pointee.name)
      throw Status(.invalidArgument, "\(bytes.count) bytes that are not a valid \(name)")
    case .excessive:
      let name = String(cString: descriptor.pointee.name)
      throw Status(
        .invalidArgument,
        "a \(name) of \(bytes.count) bytes that takes more than \(Arena.expansionLimit) times its size "
          + "in memory")
    }
  }
}
