/// Notices a peer that has silently gone: after a time without a byte from it a PING is sent, and if nothing
/// at all arrives for another time, the connection is over.
///
///     quiet ──interval──► PING sent ──timeout──► dead
///       ▲──── any byte ───────┘
struct Keepalive {
  enum Action {
    case ping
    case giveUp
  }

  private let interval: Duration?
  private let timeout: Duration
  private let withoutCalls: Bool
  private var lastHeard: Instant
  private var pingSent: Instant?

  init(_ limits: ConnectionLimits, at now: Instant) {
    interval = limits.keepaliveInterval
    timeout = limits.keepaliveTimeout
    withoutCalls = limits.keepaliveWithoutCalls
    lastHeard = now
  }

  mutating func heard(at now: Instant) {
    lastHeard = now
    pingSent = nil
  }

  func deadline(hasCalls: Bool) -> Instant? {
    if let pingSent { return pingSent + timeout }
    guard let interval, hasCalls || withoutCalls else { return nil }
    return lastHeard + interval
  }

  mutating func tick(at now: Instant, hasCalls: Bool) -> Action? {
    guard let deadline = deadline(hasCalls: hasCalls), now >= deadline else { return nil }
    if pingSent != nil { return .giveUp }
    pingSent = now
    return .ping
  }
}
