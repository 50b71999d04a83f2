internal import CNghttp2

extension HTTP2Session {
  /// Opens a stream (client). Its body is what is written to it until `finish`.
  ///
  /// Throws when no stream can be opened any more: after a GOAWAY, or when the numbers are used up.
  public func request(_ headers: HTTP2Headers) throws(HTTP2Error) -> HTTP2Stream {
    guard acceptsRequests else { throw HTTP2Error(code: .refusedStream, message: "the connection is ending") }
    var provider = Callbacks.dataProvider
    let id = scratch.headers.with(headers) { nghttp2_submit_request(nghttp2, nil, $0, $1, &provider, nil) }
    guard id > 0 else {
      throw HTTP2Error(code: .refusedStream, message: String(cString: nghttp2_strerror(id)))
    }
    let stream = makeStream(id)
    streams[id] = stream
    return stream
  }

  /// Whether `request` has a chance (client).
  public var acceptsRequests: Bool {
    !isBroken && nghttp2_session_check_request_allowed(nghttp2) != 0
  }

  /// Sends a stream's response headers (server); with `isEnd` they are all there is, otherwise a body
  /// follows.
  public func respond(_ stream: HTTP2Stream, _ headers: HTTP2Headers, isEnd: Bool) {
    guard stream.isOpenForWriting else { return }
    if isEnd { stream.ending = .data }
    scratch.headers.with(headers) { pairs, count in
      var provider = Callbacks.dataProvider
      withUnsafePointer(to: &provider) { provider in
        // Fails only for a stream that has gone meanwhile, whose `.closed` is on its way.
        _ = nghttp2_submit_response(nghttp2, stream.id, pairs, count, isEnd ? nil : provider)
      }
    }
  }

  /// Lets `body` append to the bytes waiting to be sent. False when they are over the high-water mark: wait
  /// for `.writable`.
  public func write(_ stream: HTTP2Stream, _ body: (inout [UInt8]) -> Void) -> Bool {
    guard stream.isOpenForWriting else { return false }
    bufferedBytes -= stream.outbound.count
    stream.outbound.append(body)
    bufferedBytes += stream.outbound.count
    resume(stream)
    if stream.outbound.count > settings.writeHighWaterBytes { stream.isBlocked = true }
    return !stream.isBlocked
  }

  /// Ends this side of a stream after the bytes that are waiting, with trailers if there are any.
  public func finish(_ stream: HTTP2Stream, trailers: HTTP2Headers? = nil) {
    guard stream.isOpenForWriting else { return }
    stream.ending = trailers.map { .trailers($0) } ?? .data
    resume(stream)
  }

  /// Drops the bytes that are waiting, so that what follows them goes out at once.
  public func discardBuffered(_ stream: HTTP2Stream) {
    bufferedBytes -= stream.outbound.count
    stream.outbound.clear()
    stream.isBlocked = false
  }

  /// Ends a stream at once, in both directions; what waits is dropped. `.closed` follows when the RST_STREAM
  /// was handed to the output.
  ///
  /// False when the stream is gone or was reset before.
  @discardableResult
  public func reset(_ stream: HTTP2Stream, _ code: HTTP2ErrorCode) -> Bool {
    guard !stream.isClosed, !stream.isReset else { return false }
    stream.isReset = true
    resetsWaiting.insert(stream.id)
    discardBuffered(stream)
    nghttp2_submit_rst_stream(nghttp2, UInt8(NGHTTP2_FLAG_NONE.rawValue), stream.id, code.rawValue)
    return true
  }

  /// Gives the connection's window back for received bytes.
  public func consumeConnection(_ count: Int) {
    nghttp2_session_consume_connection(nghttp2, count)
  }

  /// Gives a stream's window back for received bytes; nothing when the stream is gone.
  public func consumeStream(_ id: Int32, _ count: Int) {
    nghttp2_session_consume_stream(nghttp2, id, count)
  }

  /// Sends a PING; `.pingAcknowledged` with the same number follows if the peer lives.
  public func ping(_ number: UInt64) {
    withUnsafeBytes(of: number.bigEndian) { bytes in
      let payload = bytes.assumingMemoryBound(to: UInt8.self).baseAddress
      _ = nghttp2_submit_ping(nghttp2, UInt8(NGHTTP2_FLAG_NONE.rawValue), payload)
    }
  }

  /// Tells the client that a GOAWAY will follow, without refusing anything yet (server; RFC 9113, 6.8).
  public func shutdownNotice() {
    nghttp2_submit_shutdown_notice(nghttp2)
  }

  /// Refuses streams above the last one that arrived; the session is over when those that are open end.
  public func goAway() {
    lastStreamAccepted = lastStream
    nghttp2_submit_goaway(
      nghttp2, UInt8(NGHTTP2_FLAG_NONE.rawValue), lastStream, HTTP2ErrorCode.noError.rawValue, nil, 0)
  }

  /// Sends a GOAWAY after which nothing is sent or taken any more; `debug` tells people why.
  public func terminate(_ code: HTTP2ErrorCode, debug: String = "") {
    if !debug.isEmpty {
      let text = Array(debug.utf8)
      nghttp2_submit_goaway(
        nghttp2, UInt8(NGHTTP2_FLAG_NONE.rawValue), lastStream, code.rawValue, text, text.count)
    }
    nghttp2_session_terminate_session2(nghttp2, lastStream, code.rawValue)
  }

  /// What a GOAWAY names: the last stream that was looked at, or, as none may name a later one than the one before it,
  /// what that did (RFC 9113, 6.8).
  private var lastStream: Int32 { min(nghttp2_session_get_last_proc_stream_id(nghttp2), lastStreamAccepted) }

  /// Bytes that the peer lets this side send on a stream now, without regard to the connection's window.
  public func remoteWindow(of stream: HTTP2Stream) -> Int {
    max(0, Int(nghttp2_session_get_stream_remote_window_size(nghttp2, stream.id)))
  }

  /// Bytes that the peer lets this side send on the connection now.
  public var remoteWindow: Int {
    max(0, Int(nghttp2_session_get_remote_window_size(nghttp2)))
  }

  private func resume(_ stream: HTTP2Stream) {
    guard stream.isDeferred else { return }
    stream.isDeferred = false
    nghttp2_session_resume_data(nghttp2, stream.id)
  }
}
