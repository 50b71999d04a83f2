import GRPC

/// Who looks at which host how closely, and what the hosts have to be told of it.
///
/// Each host is told the shortest interval that anybody wants, again and again, for as long as somebody does: the
/// lease lapses by itself when nothing more is heard from here.
struct LeaseBook {
  /// A host is told again after this time.
  static let renewal = Duration.seconds(5)
  /// How long a host keeps to it when it hears nothing more.
  static let lease = Duration.seconds(15)

  private struct Viewed {
    /// By viewer; in milliseconds.
    var wanted: [UInt64: UInt32] = [:]
    var told: UInt32 = 0
    var toldAt: Instant
  }

  private var viewed: [String: Viewed] = [:]

  /// How many hosts are looked at.
  var hostCount: Int { viewed.count }

  /// A viewer looks at a host, or still does. Returns the interval to tell the host now, if any.
  mutating func look(_ viewer: UInt64, at hostID: String, interval: UInt32, at now: Instant) -> UInt32? {
    var host = viewed[hostID] ?? Viewed(toldAt: now)
    defer { viewed[hostID] = host }
    host.wanted[viewer] = interval
    let shortest = host.wanted.values.min() ?? interval
    // A little early is in time: timers fire late.
    guard shortest != host.told || now - host.toldAt >= Self.renewal * 0.8 else { return nil }
    host.told = shortest
    host.toldAt = now
    return shortest
  }

  /// A viewer looks away. Returns the interval to tell the host now, if any; 0 ends the lease.
  mutating func lookAway(_ viewer: UInt64, from hostID: String, at now: Instant) -> UInt32? {
    guard var host = viewed[hostID], host.wanted.removeValue(forKey: viewer) != nil else { return nil }
    let shortest = host.wanted.values.min()
    defer { viewed[hostID] = shortest == nil ? nil : host }
    guard shortest ?? 0 != host.told else { return nil }
    host.told = shortest ?? 0
    host.toldAt = now
    return host.told
  }
}
