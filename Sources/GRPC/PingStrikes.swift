/// What a server takes of PINGs (grpc/doc/keepalive.md, gRFC A8): one that comes too soon after the last is a strike,
/// and one strike too many ends the connection. Whatever the server sends of its own accord forgives all: a PING then
/// asks about an exchange that is under way.
struct PingStrikes {
  /// While no call is open a PING may come this often, unless the configuration says otherwise.
  static let idleInterval = Duration.seconds(7200)

  private let limits: PingLimits
  private var last: Instant?
  private var sent: UInt64 = 0
  private var count = 0

  init(_ limits: PingLimits) { self.limits = limits }

  /// A PING came. True: it is one too many.
  ///
  /// - Parameter sent: how many frames of calls the server has sent so far.
  mutating func ping(at now: Instant, hasCalls: Bool, sent: UInt64) -> Bool {
    if sent != self.sent { (last, count) = (nil, 0) }
    self.sent = sent
    let interval = hasCalls || limits.withoutCalls ? limits.minimumInterval : Self.idleInterval
    if let last, now < last + interval { count += 1 }
    last = now
    return count > limits.strikes
  }
}

/// How often a client may ask whether the server still lives.
public struct PingLimits: Sendable, Hashable {
  /// PINGs nearer to each other than this are strikes.
  public var minimumInterval: Duration = .seconds(10)
  /// Whether that holds while no call is open, too; otherwise two hours do.
  public var withoutCalls = false
  /// So many strikes are taken; one more ends the connection with ENHANCE_YOUR_CALM and `too_many_pings`.
  public var strikes = 2

  /// The defaults: more than gRPC's own (5 minutes) allow, as collectors notice a dead aggregator by PINGs.
  public init() {}
}
