/// What a link tells its owner; every `open` is answered by `failed`, or by `connected` and later `closed`.
public enum LinkEvent: Sendable {
  /// The peer is connected and verified; `Link.grpc` takes calls.
  case connected
  /// The link could not be opened, and is idle again.
  case failed(LinkError)
  /// The connection ended, every call on it has ended, and the link is idle again.
  /// Nil when it ended as agreed: this side finished, or the peer said goodbye first.
  case closed(LinkError?)
}
