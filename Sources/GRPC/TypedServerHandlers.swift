/// Takes exactly one request, as unary and server streaming methods do.
final class SingleRequestHandler<Request: GRPCMessage, Response: GRPCMessage>: ServerCallHandler {
  private let stream: ServerStream<Response>
  private let body: @Sendable (Request, ServerStream<Response>) throws(Status) -> Void
  private var request: Request?

  init(
    _ stream: ServerStream<Response>,
    _ body: @escaping @Sendable (Request, ServerStream<Response>) throws(Status) -> Void
  ) {
    self.stream = stream
    self.body = body
  }

  func receive(_ message: UnsafeRawBufferPointer, on call: ServerCall) {
    guard request == nil else {
      return call.finish(Status(.unimplemented, "the method takes one request message, the client sent more"))
    }
    do throws(Status) {
      request = try Request(decoding: message)
    } catch {
      call.finish(error)
    }
  }

  /// The body runs now and not at the message: only now is it certain that there is just one.
  func halfClosed(on call: ServerCall) {
    guard let request else {
      return call.finish(Status(.unimplemented, "the method takes one request message, the client sent none"))
    }
    do throws(Status) {
      try body(request, stream)
    } catch {
      call.finish(error)
    }
  }

  func writable(on call: ServerCall) {
    stream.onWritable?()
  }

  func ended(on call: ServerCall, _ reason: CallEnd) {
    stream.end(reason)
  }
}

/// Takes any number of requests, as client streaming and bidirectional methods do.
final class RequestStreamHandler<Request: GRPCMessage, Response: GRPCMessage>: ServerCallHandler {
  private let stream: ServerStream<Response>
  private let reader: StreamReader<Request>

  init(_ stream: ServerStream<Response>, _ reader: StreamReader<Request>) {
    self.stream = stream
    self.reader = reader
  }

  func receive(_ message: UnsafeRawBufferPointer, on call: ServerCall) {
    do throws(Status) {
      try reader.onMessage(Request(decoding: message))
    } catch {
      call.finish(error)
    }
  }

  func halfClosed(on call: ServerCall) {
    do throws(Status) {
      try reader.onHalfClose()
    } catch {
      call.finish(error)
    }
  }

  func writable(on call: ServerCall) {
    stream.onWritable?()
  }

  func ended(on call: ServerCall, _ reason: CallEnd) {
    stream.end(reason)
  }
}
