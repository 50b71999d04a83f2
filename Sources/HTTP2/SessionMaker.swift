internal import CNghttp2

/// Makes nghttp2 sessions with this module's callbacks and options.
///
/// These calls fail only for lack of memory, on which Swift stops the program anyway.
enum SessionMaker {
  static func make(
    _ role: HTTP2Session.Role, _ settings: HTTP2Settings, _ scratch: SessionScratch
  ) -> OpaquePointer {
    var callbacks: OpaquePointer?
    must(nghttp2_session_callbacks_new(&callbacks))
    defer { nghttp2_session_callbacks_del(callbacks) }
    if let callbacks { Callbacks.install(in: callbacks) }

    var options: OpaquePointer?
    must(nghttp2_option_new(&options))
    defer { nghttp2_option_del(options) }
    // Window is given back by consume…, when the bytes were really taken.
    nghttp2_option_set_no_auto_window_update(options, 1)
    // No memory for closed streams: nobody builds priority trees on them.
    nghttp2_option_set_no_closed_streams(options, 1)
    nghttp2_option_set_max_outbound_ack(options, settings.maximumOutboundAcknowledgements)
    nghttp2_option_set_stream_reset_rate_limit(
      options, UInt64(settings.resetBurst), UInt64(settings.resetsPerSecond))

    var session: OpaquePointer?
    switch role {
    // It writes the preface into its frame's buffer at once and sends it later, so that has to be its own.
    case .client: must(nghttp2_session_client_new2(&session, callbacks, nil, options))
    case .server:
      scratch.making { must(nghttp2_session_server_new3(&session, callbacks, nil, options, &$0)) }
    }
    guard let session else { fatalError("nghttp2 made no session") }
    return session
  }

  static func submitSettings(_ session: OpaquePointer, _ role: HTTP2Session.Role, _ settings: HTTP2Settings) {
    var entries = [
      entry(NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, settings.streamWindowBytes),
      entry(NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, settings.headerListBytes),
    ]
    switch role {
    case .client: entries.append(entry(NGHTTP2_SETTINGS_ENABLE_PUSH, 0))
    case .server:
      entries.append(entry(NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, settings.maximumConcurrentStreams))
    }
    must(nghttp2_submit_settings(session, UInt8(NGHTTP2_FLAG_NONE.rawValue), entries, entries.count))
    let window = Int32(clamping: settings.connectionWindowBytes)
    must(nghttp2_session_set_local_window_size(session, UInt8(NGHTTP2_FLAG_NONE.rawValue), 0, window))
  }

  /// All values here are bounded by 2^31-1 (RFC 9113, 6.5.2 and 6.9.1).
  private static func entry(_ id: nghttp2_settings_id, _ value: Int) -> nghttp2_settings_entry {
    nghttp2_settings_entry(settings_id: Int32(id.rawValue), value: UInt32(Int32(clamping: max(value, 0))))
  }

  private static func must(_ result: Int32) {
    precondition(result == 0, "nghttp2: \(String(cString: nghttp2_strerror(result)))")
  }
}
