internal import CNghttp2

extension HTTP2Session {
  /// Takes bytes from the peer, and hands out what they mean. The handler may submit, but not `receive`.
  ///
  /// Throws when the peer broke the protocol so that nothing after it can be understood; a GOAWAY is queued
  /// then, and further input is ignored. Lesser violations end in `.closed` of a stream, or `.goAwaySent`.
  public func receive(_ bytes: UnsafeRawBufferPointer, _ handle: (HTTP2Event) -> Void) throws(HTTP2Error) {
    precondition(!isDelivering, "receive called from an event's handler: its bytes would move under it")
    if role == .server { try limitOutputFrames() }
    if inbox.isEmpty { scratch.lend(&inbox) }
    defer { scratch.giveBack(&inbox) }
    var rest = bytes
    while !rest.isEmpty, !isBroken {
      let slice = UnsafeRawBufferPointer(rebasing: rest.prefix(HTTP2Settings.receiveSliceBytes))
      rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(slice.count))
      position.pass(slice)
      let base = slice.assumingMemoryBound(to: UInt8.self).baseAddress
      let result = inside { nghttp2_session_mem_recv(nghttp2, base, slice.count) }
      deliver(handle)
      if result < 0 { throw fail(Int32(clamping: result)) }
    }
  }

  /// A client that does not read must not have answers pile up: RST_STREAMs and the like, which no window holds. They
  /// have had their chance to go out since the input before this.
  private func limitOutputFrames() throws(HTTP2Error) {
    guard !isBroken, nghttp2_session_get_outbound_queue_size(nghttp2) > settings.maximumOutboundFrames else {
      return
    }
    throw broken(.enhanceYourCalm, "too many frames wait for a peer that does not read")
  }

  private func fail(_ result: Int32) -> HTTP2Error {
    let code: HTTP2ErrorCode =
      switch result {
      case NGHTTP2_ERR_FLOODED.rawValue, NGHTTP2_ERR_TOO_MANY_CONTINUATIONS.rawValue: .enhanceYourCalm
      case NGHTTP2_ERR_BAD_CLIENT_MAGIC.rawValue: .protocolError
      default: .internalError
      }
    return broken(code, String(cString: nghttp2_strerror(result)))
  }

  /// Takes no more input, and tells the peer why.
  private func broken(_ code: HTTP2ErrorCode, _ message: String) -> HTTP2Error {
    isBroken = true
    terminate(code)
    return HTTP2Error(code: code, message: message)
  }

  // Called by nghttp2, inside mem_recv.

  /// False: the list is so long that it is not even worth an answer.
  func headerReceived(_ name: UnsafeBufferPointer<UInt8>, _ value: UnsafeBufferPointer<UInt8>) -> Bool {
    incoming.add(name, value, limit: settings.headerListBytes)
    return incoming.bytes <= settings.headerListBytes * HTTP2Settings.headerListExcess
  }

  func dataReceived(_ id: Int32, _ bytes: UnsafeRawBufferPointer) {
    inbox.append(.data(stream: id, bytes))
  }

  func frameReceived(_ frame: UnsafePointer<nghttp2_frame>) {
    let header = frame.header
    switch header.type {
    case FrameType.headers: headersReceived(frame, header)
    case FrameType.data where header.isEndStream:
      streams[header.stream_id]?.isRemoteEnded = true
      inbox.append(.end(stream: header.stream_id))
    case FrameType.ping where header.isAcknowledgement:
      inbox.append(.pingAcknowledged(PingPayload.number(of: frame.pointee.ping.opaque_data)))
    case FrameType.ping: inbox.append(.ping)
    case FrameType.goAway: goAwayReceived(frame.pointee.goaway)
    default: break
    }
  }

  private func headersReceived(_ frame: UnsafePointer<nghttp2_frame>, _ header: nghttp2_frame_hd) {
    let isTruncated = incoming.isTruncated
    let headers = incoming.take()
    let isRequest = frame.pointee.headers.cat == NGHTTP2_HCAT_REQUEST
    guard !isRequest || header.stream_id <= lastStreamAccepted else { return refuse(header.stream_id) }
    if isRequest { streams[header.stream_id] = makeStream(header.stream_id) }
    guard let stream = streams[header.stream_id] else { return }
    if header.isEndStream { stream.isRemoteEnded = true }
    inbox.append(
      .headers(
        HTTP2HeadersEvent(
          stream: stream, kind: isRequest ? .request : kind(of: headers), headers: headers,
          isEnd: header.isEndStream, isTruncated: isTruncated)))
  }

  /// nghttp2 itself refuses streams above a GOAWAY's only once that is sent.
  private func refuse(_ id: Int32) {
    nghttp2_submit_rst_stream(
      nghttp2, UInt8(NGHTTP2_FLAG_NONE.rawValue), id, HTTP2ErrorCode.refusedStream.rawValue)
  }

  /// nghttp2 calls the final response after a 1xx just "headers", as it calls trailers, so the fields decide.
  private func kind(of headers: HTTP2Headers) -> HTTP2HeadersEvent.Kind {
    guard let status = headers.first(":status") else { return .trailers }
    return status.utf8.first == UInt8(ascii: "1") ? .informational : .response
  }

  private func goAwayReceived(_ frame: nghttp2_goaway) {
    isEnding = true
    let debug = UnsafeBufferPointer(start: frame.opaque_data, count: min(frame.opaque_data_len, 256))
    inbox.append(
      .goAway(
        lastStream: frame.last_stream_id, HTTP2ErrorCode(rawValue: frame.error_code),
        debug: String(decoding: debug, as: UTF8.self)))
  }

  /// Called inside mem_recv and mem_send. Streams that were never announced close in silence.
  func streamClosed(_ id: Int32, _ code: HTTP2ErrorCode) {
    guard let stream = streams[id], !stream.isClosed else { return }
    stream.isClosed = true
    inbox.append(.closed(stream: id, code))
  }

  func makeStream(_ id: Int32) -> HTTP2Stream {
    HTTP2Stream(id: id, outbound: spareBuffers.popLast() ?? ByteQueue())
  }
}

/// The 8 bytes of a PING as a number, most significant byte first.
enum PingPayload {
  static func number(of bytes: (UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8)) -> UInt64 {
    withUnsafeBytes(of: bytes) { UInt64(bigEndian: $0.loadUnaligned(as: UInt64.self)) }
  }
}
