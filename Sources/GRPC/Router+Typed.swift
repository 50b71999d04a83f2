extension Router {
  /// Answers a method with one response to one request, at once, or with the status that `body` throws.
  ///
  /// For an answer that comes later, register the method with `serverStreaming` and use `finish(with:)`: on
  /// the wire it is the same.
  public mutating func unary<Request, Response>(
    _ method: Method<Request, Response>,
    _ body: @escaping @Sendable (Request, ServerCall) throws(Status) -> Response
  ) {
    register(method.path) { call throws(Status) in
      SingleRequestHandler<Request, Response>(ServerStream(call)) { request, stream throws(Status) in
        stream.finish(with: try body(request, stream.call))
      }
    }
  }

  /// Answers a method with any number of responses to one request. A status thrown by `body` ends the call
  /// with it.
  public mutating func serverStreaming<Request, Response>(
    _ method: Method<Request, Response>,
    _ body: @escaping @Sendable (Request, ServerStream<Response>) throws(Status) -> Void
  ) {
    register(method.path) { call throws(Status) in
      SingleRequestHandler<Request, Response>(ServerStream(call), body)
    }
  }

  /// Answers a method that takes any number of requests and gives one response, with
  /// `ServerStream.finish(with:)`.
  public mutating func clientStreaming<Request, Response>(
    _ method: Method<Request, Response>,
    _ open: @escaping @Sendable (ServerStream<Response>) throws(Status) -> StreamReader<Request>
  ) {
    bidirectional(method, open)
  }

  /// Answers a method with requests and responses in any number and order. A status thrown by `open` refuses
  /// the call.
  public mutating func bidirectional<Request, Response>(
    _ method: Method<Request, Response>,
    _ open: @escaping @Sendable (ServerStream<Response>) throws(Status) -> StreamReader<Request>
  ) {
    register(method.path) { call throws(Status) in
      let stream = ServerStream<Response>(call)
      return RequestStreamHandler(stream, try open(stream))
    }
  }
}
