/// What answers one call on a server. Made by the `Router`, lives as long as the call, on its connection's
/// loop.
///
/// A handler may use the call (`send`, `finish`, …) from within any of these.
public protocol ServerCallHandler: AnyObject {
  /// A message arrived. The bytes are only valid during the call.
  func receive(_ message: UnsafeRawBufferPointer, on call: ServerCall)

  /// The client has sent its last message.
  func halfClosed(on call: ServerCall)

  /// After a `send` that returned false: the bytes waiting fell to the low-water mark.
  func writable(on call: ServerCall)

  /// The call is over. Called exactly once, last.
  func ended(on call: ServerCall, _ reason: CallEnd)
}

extension ServerCallHandler {
  /// By default nothing: for handlers that send little.
  public func writable(on call: ServerCall) {}
}

/// Why a call on a server is over.
public enum CallEnd: Sendable, Hashable {
  /// `finish` was called, here or by the connection (a broken message, say), and the status has been sent.
  case finished
  /// The client cancelled.
  case cancelled
  /// The deadline passed; the client was told so.
  case deadlineExceeded
  /// The connection is gone.
  case connectionLost
}
