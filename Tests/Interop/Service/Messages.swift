public import GRPC

// The messages of grpc/testing/{empty,messages}.proto (Debian: grpc-proto), with the fields that the standard cases use.

/// `grpc.testing.Empty`.
public struct Empty: GRPCMessage, Hashable, Sendable {
  /// The only one.
  public init() {}
  /// Any fields are ones of a newer definition.
  public init(decoding bytes: UnsafeRawBufferPointer) throws(Status) {}
  /// Nothing.
  public func encode(into buffer: inout [UInt8]) {}
}

/// `grpc.testing.BoolValue`: a truth that may be left unsaid.
public struct BoolValue: GRPCMessage, Hashable, Sendable {
  /// What it says.
  public var value = false

  /// Says this.
  public init(_ value: Bool) { self.value = value }

  /// See `GRPCMessage`.
  public init(decoding bytes: UnsafeRawBufferPointer) throws(Status) {
    var fields = FieldReader(bytes)
    while let field = try fields.next() {
      if case (1, .number(let number)) = field { value = number != 0 }
    }
  }

  /// See `GRPCMessage`.
  public func encode(into buffer: inout [UInt8]) { buffer.add(1, number: value ? 1 : 0) }
}

/// `grpc.testing.Payload`: bytes; all standard cases have zeros.
public struct Payload: GRPCMessage, Hashable, Sendable {
  /// The bytes.
  public var body: [UInt8] = []

  /// So many zeros.
  public init(zeros count: Int) { body = Array(repeating: 0, count: count) }

  /// See `GRPCMessage`.
  public init(decoding bytes: UnsafeRawBufferPointer) throws(Status) {
    var fields = FieldReader(bytes)
    while let field = try fields.next() {
      if case (2, .bytes(let bytes)) = field { body = Array(bytes) }
    }
  }

  /// See `GRPCMessage`.
  public func encode(into buffer: inout [UInt8]) { buffer.add(2, bytes: body) }
}

/// `grpc.testing.EchoStatus`: the status that the server shall end the call with.
public struct EchoStatus: GRPCMessage, Hashable, Sendable {
  /// A gRPC status code, or any other number.
  public var code = 0
  /// What to say with it.
  public var message = ""

  /// This code and message.
  public init(_ code: StatusCode, _ message: String) {
    self.code = code.rawValue
    self.message = message
  }

  /// See `GRPCMessage`.
  public init(decoding bytes: UnsafeRawBufferPointer) throws(Status) {
    var fields = FieldReader(bytes)
    while let field = try fields.next() {
      switch field {
      case (1, .number(let number)): code = Int(Int32(truncatingIfNeeded: number))
      case (2, .bytes(let bytes)): message = String(decoding: bytes, as: UTF8.self)
      default: break
      }
    }
  }

  /// See `GRPCMessage`.
  public func encode(into buffer: inout [UInt8]) {
    buffer.add(1, number: code)
    buffer.add(2, bytes: message.utf8)
  }
}

/// `grpc.testing.SimpleRequest`.
public struct SimpleRequest: GRPCMessage, Hashable, Sendable {
  /// What the response's payload shall be made of; only 0, zeros, is known.
  public var responseType = 0
  /// Bytes that the response's payload shall have.
  public var responseSize = 0
  /// What the request carries along.
  public var payload: Payload?
  /// Whether the response shall be compressed.
  public var responseCompressed: BoolValue?
  /// How the call shall end.
  public var responseStatus: EchoStatus?
  /// Whether the server shall refuse the request unless it came compressed.
  public var expectCompressed: BoolValue?

  /// Asks for a response of this size.
  public init(responseSize: Int = 0, payload: Payload? = nil) {
    self.responseSize = responseSize
    self.payload = payload
  }

  /// See `GRPCMessage`.
  public init(decoding bytes: UnsafeRawBufferPointer) throws(Status) {
    var fields = FieldReader(bytes)
    while let field = try fields.next() {
      switch field {
      case (1, .number(let number)): responseType = Int(Int32(truncatingIfNeeded: number))
      case (2, .number(let number)): responseSize = Int(Int32(truncatingIfNeeded: number))
      case (3, .bytes(let bytes)): payload = try Payload(decoding: bytes)
      case (6, .bytes(let bytes)): responseCompressed = try BoolValue(decoding: bytes)
      case (7, .bytes(let bytes)): responseStatus = try EchoStatus(decoding: bytes)
      case (8, .bytes(let bytes)): expectCompressed = try BoolValue(decoding: bytes)
      default: break
      }
    }
  }

  /// See `GRPCMessage`.
  public func encode(into buffer: inout [UInt8]) {
    buffer.add(1, number: responseType)
    buffer.add(2, number: responseSize)
    buffer.add(3, message: payload)
    buffer.add(6, message: responseCompressed)
    buffer.add(7, message: responseStatus)
    buffer.add(8, message: expectCompressed)
  }
}

/// `grpc.testing.SimpleResponse` and `StreamingOutputCallResponse`, which are alike on the wire.
public struct PayloadResponse: GRPCMessage, Hashable, Sendable {
  /// What was asked for.
  public var payload: Payload?

  /// A response with this payload.
  public init(_ payload: Payload) { self.payload = payload }

  /// See `GRPCMessage`.
  public init(decoding bytes: UnsafeRawBufferPointer) throws(Status) {
    var fields = FieldReader(bytes)
    while let field = try fields.next() {
      if case (1, .bytes(let bytes)) = field { payload = try Payload(decoding: bytes) }
    }
  }

  /// See `GRPCMessage`.
  public func encode(into buffer: inout [UInt8]) { buffer.add(1, message: payload) }
}

/// `grpc.testing.StreamingInputCallRequest`.
public struct StreamingInputRequest: GRPCMessage, Hashable, Sendable {
  /// What is counted.
  public var payload: Payload?
  /// Whether the server shall refuse the message unless it came compressed.
  public var expectCompressed: BoolValue?

  /// A request with this payload.
  public init(_ payload: Payload, expectCompressed: BoolValue? = nil) {
    self.payload = payload
    self.expectCompressed = expectCompressed
  }

  /// See `GRPCMessage`.
  public init(decoding bytes: UnsafeRawBufferPointer) throws(Status) {
    var fields = FieldReader(bytes)
    while let field = try fields.next() {
      switch field {
      case (1, .bytes(let bytes)): payload = try Payload(decoding: bytes)
      case (2, .bytes(let bytes)): expectCompressed = try BoolValue(decoding: bytes)
      default: break
      }
    }
  }

  /// See `GRPCMessage`.
  public func encode(into buffer: inout [UInt8]) {
    buffer.add(1, message: payload)
    buffer.add(2, message: expectCompressed)
  }
}

/// `grpc.testing.StreamingInputCallResponse`.
public struct StreamingInputResponse: GRPCMessage, Hashable, Sendable {
  /// Bytes of all requests' payloads.
  public var aggregatedPayloadSize = 0

  /// So many bytes.
  public init(aggregatedPayloadSize: Int) { self.aggregatedPayloadSize = aggregatedPayloadSize }

  /// See `GRPCMessage`.
  public init(decoding bytes: UnsafeRawBufferPointer) throws(Status) {
    var fields = FieldReader(bytes)
    while let field = try fields.next() {
      if case (1, .number(let number)) = field {
        aggregatedPayloadSize = Int(Int32(truncatingIfNeeded: number))
      }
    }
  }

  /// See `GRPCMessage`.
  public func encode(into buffer: inout [UInt8]) { buffer.add(1, number: aggregatedPayloadSize) }
}

/// `grpc.testing.ResponseParameters`: one response of a stream.
public struct ResponseParameters: GRPCMessage, Hashable, Sendable {
  /// Bytes that its payload shall have.
  public var size = 0
  /// How long to wait before it.
  public var intervalMicroseconds = 0
  /// Whether it shall be compressed.
  public var compressed: BoolValue?

  /// A response of this size.
  public init(size: Int, intervalMicroseconds: Int = 0, compressed: BoolValue? = nil) {
    self.size = size
    self.intervalMicroseconds = intervalMicroseconds
    self.compressed = compressed
  }

  /// See `GRPCMessage`.
  public init(decoding bytes: UnsafeRawBufferPointer) throws(Status) {
    var fields = FieldReader(bytes)
    while let field = try fields.next() {
      switch field {
      case (1, .number(let number)): size = Int(Int32(truncatingIfNeeded: number))
      case (2, .number(let number)): intervalMicroseconds = Int(Int32(truncatingIfNeeded: number))
      case (3, .bytes(let bytes)): compressed = try BoolValue(decoding: bytes)
      default: break
      }
    }
  }

  /// See `GRPCMessage`.
  public func encode(into buffer: inout [UInt8]) {
    buffer.add(1, number: size)
    buffer.add(2, number: intervalMicroseconds)
    buffer.add(3, message: compressed)
  }
}

/// `grpc.testing.StreamingOutputCallRequest`.
public struct StreamingOutputRequest: GRPCMessage, Hashable, Sendable {
  /// What the responses' payloads shall be made of; only 0, zeros, is known.
  public var responseType = 0
  /// The responses asked for.
  public var responses: [ResponseParameters] = []
  /// What the request carries along.
  public var payload: Payload?
  /// How the call shall end.
  public var responseStatus: EchoStatus?

  /// Asks for these responses.
  public init(_ responses: [ResponseParameters] = [], payload: Payload? = nil, status: EchoStatus? = nil) {
    self.responses = responses
    self.payload = payload
    responseStatus = status
  }

  /// See `GRPCMessage`.
  public init(decoding bytes: UnsafeRawBufferPointer) throws(Status) {
    var fields = FieldReader(bytes)
    while let field = try fields.next() {
      switch field {
      case (1, .number(let number)): responseType = Int(Int32(truncatingIfNeeded: number))
      case (2, .bytes(let bytes)): responses.append(try ResponseParameters(decoding: bytes))
      case (3, .bytes(let bytes)): payload = try Payload(decoding: bytes)
      case (7, .bytes(let bytes)): responseStatus = try EchoStatus(decoding: bytes)
      default: break
      }
    }
  }

  /// See `GRPCMessage`.
  public func encode(into buffer: inout [UInt8]) {
    buffer.add(1, number: responseType)
    for response in responses { buffer.add(2, message: response) }
    buffer.add(3, message: payload)
    buffer.add(7, message: responseStatus)
  }
}
