import GRPC

/// The responses that a call still has to give: each after its interval, and as fast as the client takes them.
final class OutputQueue {
  private let stream: ServerStream<PayloadResponse>
  private let codec: MessageCodec
  private var waiting: ArraySlice<ResponseParameters> = []
  private var isEnded = false
  private var status: Status?
  /// Whether an interval is running, or the client has not read enough.
  private var isHeld = false

  init(_ stream: ServerStream<PayloadResponse>, _ codec: MessageCodec) {
    self.stream = stream
    self.codec = codec
    stream.onWritable = { [weak self] in self?.goOn() }
    stream.onEnd = { [self] _ in waiting = [] }
  }

  /// Takes the responses that a request asks for; a status asked for ends the call behind them.
  func add(_ request: StreamingOutputRequest) throws(Status) {
    for response in request.responses {
      _ = try TestService.checked(response.size, type: request.responseType)
    }
    if !isEnded { waiting.append(contentsOf: request.responses) }
    if let echo = request.responseStatus, echo.code != 0 {
      status = Status(echo)
      isEnded = true
    }
    // Which encoding a stream has is said before its first message.
    if request.responses.contains(where: { $0.compressed?.value == true }) {
      stream.call.compressResponses(with: codec)
    }
    pump()
  }

  /// No more requests follow.
  func end() {
    isEnded = true
    pump()
  }

  private func goOn() {
    isHeld = false
    pump()
  }

  private func pump() {
    while !isHeld, let next = waiting.first {
      guard next.intervalMicroseconds == 0 else { return wait() }
      waiting.removeFirst()
      let isCompressed = next.compressed?.value == true
      isHeld = !stream.call.send(PayloadResponse(Payload(zeros: next.size)), compressed: isCompressed)
    }
    if isEnded, waiting.isEmpty, !isHeld {
      stream.finish(status ?? .ok, trailers: echoedTrailers(stream.call))
    }
  }

  /// The first waiting response's interval; after it the response is sent.
  private func wait() {
    guard let interval = waiting.first?.intervalMicroseconds else { return }
    isHeld = true
    let bound = LoopBound(self, on: stream.call.connection.executor)
    Task {
      try await Task.sleep(for: .microseconds(interval))
      bound.execute { queue in
        guard var next = queue.waiting.popFirst() else { return }
        next.intervalMicroseconds = 0
        queue.waiting = [next] + queue.waiting
        queue.goOn()
      }
    }
  }
}
