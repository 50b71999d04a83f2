/// What hears the answer to one call of a client. Lives as long as the call, on its connection's loop.
///
/// A handler may use the call, and start others, from within any of these.
public protocol ClientCallHandler: AnyObject {
  /// The server's headers arrived. Not called when it answered with a status alone.
  func receivedHeaders(_ metadata: Metadata, on call: ClientCall)

  /// A message arrived. The bytes are only valid during the call.
  func receive(_ message: UnsafeRawBufferPointer, on call: ClientCall)

  /// After a `send` that returned false: the bytes waiting fell to the low-water mark.
  func writable(on call: ClientCall)

  /// The call is over. Called exactly once, last.
  func ended(_ status: Status, trailers: Metadata, on call: ClientCall)
}

extension ClientCallHandler {
  /// By default nothing.
  public func receivedHeaders(_ metadata: Metadata, on call: ClientCall) {}

  /// By default nothing: for handlers that send little.
  public func writable(on call: ClientCall) {}
}
