/// An error code of RST_STREAM and GOAWAY (RFC 9113, 7).
public struct HTTP2ErrorCode: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
  /// The number on the wire; the peer may send any.
  public let rawValue: UInt32

  /// A code from its number.
  public init(rawValue: UInt32) {
    self.rawValue = rawValue
  }

  /// Nothing is wrong.
  public static let noError = HTTP2ErrorCode(rawValue: 0)
  /// The peer broke the protocol.
  public static let protocolError = HTTP2ErrorCode(rawValue: 1)
  /// Something is wrong at this end.
  public static let internalError = HTTP2ErrorCode(rawValue: 2)
  /// The peer sent more than the window.
  public static let flowControlError = HTTP2ErrorCode(rawValue: 3)
  /// The stream was not looked at; it may be tried again.
  public static let refusedStream = HTTP2ErrorCode(rawValue: 7)
  /// The stream is no longer wanted.
  public static let cancel = HTTP2ErrorCode(rawValue: 8)
  /// The header compression state is lost.
  public static let compressionError = HTTP2ErrorCode(rawValue: 9)
  /// The peer causes too much load.
  public static let enhanceYourCalm = HTTP2ErrorCode(rawValue: 11)
  /// The transport is not secure enough.
  public static let inadequateSecurity = HTTP2ErrorCode(rawValue: 12)

  private static let names = [
    "NO_ERROR", "PROTOCOL_ERROR", "INTERNAL_ERROR", "FLOW_CONTROL_ERROR", "SETTINGS_TIMEOUT", "STREAM_CLOSED",
    "FRAME_SIZE_ERROR", "REFUSED_STREAM", "CANCEL", "COMPRESSION_ERROR", "CONNECT_ERROR", "ENHANCE_YOUR_CALM",
    "INADEQUATE_SECURITY", "HTTP_1_1_REQUIRED",
  ]

  /// The name in RFC 9113, or the number.
  public var description: String {
    rawValue < UInt32(Self.names.count) ? Self.names[Int(rawValue)] : "HTTP/2 error \(rawValue)"
  }
}

/// Why a session can take no more input, or an operation could not be done.
public struct HTTP2Error: Error, Hashable, Sendable, CustomStringConvertible {
  /// What the peer is told.
  public let code: HTTP2ErrorCode
  /// What happened, in nghttp2's words.
  public let message: String

  /// The code and the message.
  public var description: String { "\(code): \(message)" }
}
