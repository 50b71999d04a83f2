/// What the peer did, or what became of something submitted.
public enum HTTP2Event {
  /// A complete header list arrived.
  case headers(HTTP2HeadersEvent)
  /// Bytes of a stream's body, valid only while `receive` runs. Give window back with `consumeConnection` and
  /// `consumeStream`.
  case data(stream: Int32, UnsafeRawBufferPointer)
  /// The peer ended its side of a stream after data; after headers, `HTTP2HeadersEvent.isEnd` says so
  /// instead.
  case end(stream: Int32)
  /// The last frame of this side of a stream was handed to the output.
  case endSent(stream: Int32)
  /// After a `write` that returned false: the bytes waiting fell to the low-water mark.
  case writable(stream: Int32)
  /// The stream is gone: both sides ended (`noError`), or one reset it, or the session ends.
  case closed(stream: Int32, HTTP2ErrorCode)
  /// A stream is reset because the peer broke the rules on it; `closed` follows, if it was open.
  case resetProvoked
  /// The peer sent a PING; it is answered.
  case ping
  /// A PING came back.
  case pingAcknowledged(UInt64)
  /// The peer wants no more streams; those above `lastStream` were not looked at.
  case goAway(lastStream: Int32, HTTP2ErrorCode, debug: String)
  /// A GOAWAY with an error was handed to the output: the peer broke the protocol, and the session ends.
  case goAwaySent(HTTP2ErrorCode)
}

/// A header list that arrived.
public struct HTTP2HeadersEvent {
  /// What a header list is for.
  public enum Kind: Sendable {
    /// Opens a stream (server).
    case request
    /// Answers one (client).
    case response
    /// A 1xx answer; the real one follows (client).
    case informational
    /// Ends a stream after its data.
    case trailers
  }

  /// The stream that it belongs to.
  public let stream: HTTP2Stream
  /// What it is for.
  public let kind: Kind
  /// The fields in order, names in lower case.
  public let headers: HTTP2Headers
  /// Whether the peer ended its side of the stream with it.
  public let isEnd: Bool
  /// Whether it was longer than `headerListBytes`, and `headers` is only its beginning.
  public let isTruncated: Bool
}
