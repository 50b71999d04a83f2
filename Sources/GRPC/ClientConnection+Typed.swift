extension ClientConnection {
  /// Calls a method with one request and one response; `onEnd` is called exactly once.
  @discardableResult
  public func unary<Request, Response>(
    _ method: Method<Request, Response>, _ request: Request, metadata: Metadata = [:],
    timeout: Duration? = nil,
    at now: Instant? = nil, onEnd: @escaping (Result<Response, Status>, _ trailers: Metadata) -> Void
  ) throws(Status) -> ClientCall {
    let reader: ResponseReader<Response> = singleReader(onEnd)
    let call = try start(method.path, metadata: metadata, timeout: timeout, at: now, handler: reader)
    call.send(request)
    call.halfClose()
    return call
  }

  /// Calls a method with one request and any number of responses.
  @discardableResult
  public func serverStreaming<Request, Response>(
    _ method: Method<Request, Response>, _ request: Request, metadata: Metadata = [:],
    timeout: Duration? = nil,
    at now: Instant? = nil, _ reader: ResponseReader<Response>
  ) throws(Status) -> ClientCall {
    let call = try start(method.path, metadata: metadata, timeout: timeout, at: now, handler: reader)
    call.send(request)
    call.halfClose()
    return call
  }

  /// Calls a method with any number of requests and one response; `onEnd` is called exactly once.
  public func clientStreaming<Request, Response>(
    _ method: Method<Request, Response>, metadata: Metadata = [:], timeout: Duration? = nil,
    at now: Instant? = nil, onEnd: @escaping (Result<Response, Status>, _ trailers: Metadata) -> Void
  ) throws(Status) -> ClientStream<Request> {
    let reader: ResponseReader<Response> = singleReader(onEnd)
    return ClientStream(
      call: try start(method.path, metadata: metadata, timeout: timeout, at: now, handler: reader))
  }

  /// Calls a method with requests and responses in any number and order.
  public func bidirectional<Request, Response>(
    _ method: Method<Request, Response>, metadata: Metadata = [:], timeout: Duration? = nil,
    at now: Instant? = nil, _ reader: ResponseReader<Response>
  ) throws(Status) -> ClientStream<Request> {
    ClientStream(call: try start(method.path, metadata: metadata, timeout: timeout, at: now, handler: reader))
  }

  private func singleReader<Response>(
    _ onEnd: @escaping (Result<Response, Status>, Metadata) -> Void
  ) -> ResponseReader<Response> {
    var response: Response?
    return ResponseReader(isSingle: true) { message, _ in
      response = message
    } onEnd: { status, trailers in
      if status.isOK, let response {
        onEnd(.success(response), trailers)
      } else {
        onEnd(.failure(status), trailers)
      }
    }
  }
}
