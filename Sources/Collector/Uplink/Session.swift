import GRPC

extension Uplink {
  /// A connection on which Hello was answered.
  struct Session: Sendable {
    /// When it was.
    let since: Instant
    var heartbeats: Heartbeats
    var push = Push.open(next: nil)
    var watch = Watch.off
    /// What is to be said on the Attach call.
    var events = EventQueue()
    /// Whether the Attach call is over.
    var isControlEnded = false
    /// Whether the Attach call was half-closed.
    var isControlFinished = false
  }

  /// The Push call of a session.
  enum Push: Sendable {
    /// Takes frames; `next` is the sequence to send, nil before the opening frame.
    case open(next: UInt64?)
    /// Opened because the dictionary of the one before it ended with the frame before this one, which opens it.
    case opening(at: UInt64)
    /// Half-closed after the frame before `next`; its summary is awaited.
    case finishing(next: UInt64?)
    /// Over.
    case ended(next: UInt64?)

    /// The first sequence that was not sent on it; nil when none was.
    var next: UInt64? {
      switch self {
      case .open(let next), .finishing(let next), .ended(let next): next
      case .opening(let sequence): sequence
      }
    }

    var isEnded: Bool {
      if case .ended = self { true } else { false }
    }
  }

  /// The Watch call of a session.
  enum Watch: Sendable {
    /// Not opened, and not to be on this connection (any more).
    case off
    case open(since: Instant)
    /// It ended; another one is opened then.
    case waiting(until: Instant)

    /// When another one is to be opened.
    var due: Instant? {
      if case .waiting(let until) = self { until } else { nil }
    }
  }

  /// The session, in whichever state it is.
  var session: Session? {
    get {
      switch state {
      case .streaming(let session), .draining(let session, _), .leaving(let session, _): session
      default: nil
      }
    }
    set {
      guard let newValue else { return }
      switch state {
      case .streaming: state = .streaming(newValue)
      case .draining(_, let until): state = .draining(newValue, until: until)
      case .leaving(_, let until): state = .leaving(newValue, until: until)
      default: break
      }
    }
  }
}
