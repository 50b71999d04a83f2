internal import CNghttp2

/// nghttp2's callbacks. Each finds the session (unretained: it outlives nghttp2's) and passes on.
enum Callbacks {
  static func install(in callbacks: OpaquePointer) {
    nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks) { _, _, context in
      owner(context)?.incoming.begin()
      return 0
    }
    nghttp2_session_callbacks_set_on_header_callback(callbacks) {
      _, _, name, nameLength, value, valueLength, _, context in
      let isTaken = owner(context)?.headerReceived(
        UnsafeBufferPointer(start: name, count: nameLength),
        UnsafeBufferPointer(start: value, count: valueLength))
      // nghttp2 resets the stream then, and spares itself and us the rest of the list.
      return isTaken == false ? NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE.rawValue : 0
    }
    nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks) { _, frame, context in
      if let frame { owner(context)?.frameReceived(frame) }
      return 0
    }
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks) {
      _, _, stream, data, length, context in
      owner(context)?.dataReceived(stream, UnsafeRawBufferPointer(start: data, count: length))
      return 0
    }
    nghttp2_session_callbacks_set_on_frame_send_callback(callbacks) { _, frame, context in
      if let frame { owner(context)?.frameSent(frame) }
      return 0
    }
    nghttp2_session_callbacks_set_on_frame_not_send_callback(callbacks) { _, frame, reason, context in
      if let frame { owner(context)?.frameNotSent(frame, reason) }
      return 0
    }
    nghttp2_session_callbacks_set_on_stream_close_callback(callbacks) { _, stream, code, context in
      owner(context)?.streamClosed(stream, HTTP2ErrorCode(rawValue: code))
      return 0
    }
  }

  /// Where nghttp2 gets the bytes of a DATA frame from.
  static let dataProvider = nghttp2_data_provider(
    source: nghttp2_data_source(ptr: nil),
    read_callback: { _, stream, buffer, length, flags, _, context in
      guard let session = owner(context), let buffer, let flags else {
        return Int(NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE.rawValue)
      }
      return session.fill(stream, buffer, length, &flags.pointee)
    })
}

/// The session that a callback's context points to. A free function: C function pointers capture nothing.
private func owner(_ context: UnsafeMutableRawPointer?) -> HTTP2Session? {
  context.map { Unmanaged<HTTP2Session>.fromOpaque($0).takeUnretainedValue() }
}

extension nghttp2_frame_hd {
  var isEndStream: Bool { UInt32(flags) & NGHTTP2_FLAG_END_STREAM.rawValue != 0 }
  var isAcknowledgement: Bool { UInt32(flags) & NGHTTP2_FLAG_ACK.rawValue != 0 }
}

extension UnsafePointer<nghttp2_frame> {
  /// The frame's header, which every member of the union begins with.
  var header: nghttp2_frame_hd {
    UnsafeRawPointer(self).load(as: nghttp2_frame_hd.self)
  }
}

/// Frame types that this module looks at, as numbers for `switch`.
enum FrameType {
  static let data = UInt8(NGHTTP2_DATA.rawValue)
  static let headers = UInt8(NGHTTP2_HEADERS.rawValue)
  static let ping = UInt8(NGHTTP2_PING.rawValue)
  static let reset = UInt8(NGHTTP2_RST_STREAM.rawValue)
  static let goAway = UInt8(NGHTTP2_GOAWAY.rawValue)
  static let continuation = UInt8(NGHTTP2_CONTINUATION.rawValue)
}
