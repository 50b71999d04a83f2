internal import CNghttp2

extension HTTP2Session {
  /// Whether there may be something to write.
  public var wantsOutput: Bool {
    !isDead && nghttp2_session_want_write(nghttp2) != 0
  }

  /// Hands the next chunk of output to `body`, which must take all of it; false when there is none.
  ///
  /// Call `deliver` afterwards: sending makes events too. `body` must not use the session, nor another with the same
  /// scratch.
  public func takeOutput(_ body: (UnsafeRawBufferPointer) -> Void) -> Bool {
    gather()
    guard !scratch.output.isEmpty else { return false }
    scratch.output.withUnsafeBytes(body)
    scratch.output.removeAll(keepingCapacity: true)
    return true
  }

  /// A frame is 16 KiB at most, so a chunk is less than twice that.
  private func gather() {
    while !isDead, scratch.output.count < HTTP2Settings.outputChunkBytes {
      var data: UnsafePointer<UInt8>?
      let count = inside { nghttp2_session_mem_send(nghttp2, &data) }
      if count < 0 { isDead = true }
      guard count > 0, let data else { return }
      scratch.output.append(contentsOf: UnsafeBufferPointer(start: data, count: count))
    }
  }

  // Called by nghttp2, inside mem_send.

  /// Fills a DATA frame from a stream's waiting bytes, and says what comes after them.
  func fill(_ id: Int32, _ buffer: UnsafeMutablePointer<UInt8>, _ length: Int, _ flags: inout UInt32) -> Int {
    guard let stream = streams[id] else { return Int(NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE.rawValue) }
    let count = stream.outbound.take(upTo: length, into: buffer)
    bufferedBytes -= count
    if stream.isBlocked, stream.outbound.count <= settings.writeLowWaterBytes {
      stream.isBlocked = false
      if stream.isOpenForWriting { inbox.append(.writable(stream: id)) }
    }
    guard stream.outbound.isEmpty else { return count }
    switch stream.ending {
    case .open:
      guard count == 0 else { return count }
      stream.isDeferred = true
      return Int(NGHTTP2_ERR_DEFERRED.rawValue)
    case .data:
      flags |= NGHTTP2_DATA_FLAG_EOF.rawValue
    case .trailers(let trailers):
      flags |= NGHTTP2_DATA_FLAG_EOF.rawValue | NGHTTP2_DATA_FLAG_NO_END_STREAM.rawValue
      // Submitting trailers here is how nghttp2 wants it (nghttp2_submit_trailer).
      scratch.headers.with(trailers) { _ = nghttp2_submit_trailer(nghttp2, id, $0, $1) }
    }
    return count
  }

  func frameSent(_ frame: UnsafePointer<nghttp2_frame>) {
    let header = frame.header
    if header.type == FrameType.headers || header.type == FrameType.data { streamFramesSent &+= 1 }
    switch header.type {
    case FrameType.headers where header.isEndStream, FrameType.data where header.isEndStream:
      endSent(header.stream_id)
    case FrameType.reset:
      resetSent(header.stream_id, HTTP2ErrorCode(rawValue: frame.pointee.rst_stream.error_code))
    case FrameType.goAway:
      isEnding = true
      let code = HTTP2ErrorCode(rawValue: frame.pointee.goaway.error_code)
      if code != .noError { inbox.append(.goAwaySent(code)) }
    default: break
    }
  }

  /// What was not asked for here nghttp2 did by itself, for an error of the peer's on the stream. Refusing a stream
  /// above the limit is none.
  private func resetSent(_ id: Int32, _ code: HTTP2ErrorCode) {
    guard resetsWaiting.remove(id) == nil, code != .noError, code != .refusedStream else { return }
    inbox.append(.resetProvoked)
  }

  /// A server that has answered in full asks the client to stop sending (RFC 9113, 8.1); the stream is freed
  /// so.
  private func endSent(_ id: Int32) {
    inbox.append(.endSent(stream: id))
    guard role == .server, let stream = streams[id], !stream.isRemoteEnded else { return }
    nghttp2_submit_rst_stream(
      nghttp2, UInt8(NGHTTP2_FLAG_NONE.rawValue), id, HTTP2ErrorCode.noError.rawValue)
  }

  /// Headers that cannot be sent end their stream: a GOAWAY came before a request, or they are too long to
  /// compress.
  func frameNotSent(_ frame: UnsafePointer<nghttp2_frame>, _ reason: Int32) {
    let header = frame.header
    if header.type == FrameType.reset { resetsWaiting.remove(header.stream_id) }
    guard header.type == FrameType.headers, let stream = streams[header.stream_id], !stream.isClosed else {
      return
    }
    switch reason {
    case NGHTTP2_ERR_START_STREAM_NOT_ALLOWED.rawValue, NGHTTP2_ERR_SESSION_CLOSING.rawValue:
      streamClosed(stream.id, .refusedStream)
    case NGHTTP2_ERR_STREAM_CLOSING.rawValue, NGHTTP2_ERR_STREAM_CLOSED.rawValue:
      break
    default:
      // A request that never left has no stream at the peer to reset; nghttp2 forgets it by itself.
      let isRequest = frame.pointee.headers.cat == NGHTTP2_HCAT_REQUEST
      if isRequest { streamClosed(stream.id, .internalError) } else { reset(stream, .internalError) }
    }
  }
}
