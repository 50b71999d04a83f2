import GRPC

/// The addresses of one opening: which is tried, which are left, and how the others failed.
struct DialAttempts {
  private let target: LinkTarget
  private var addresses: [SocketAddress] = []
  private var index = -1
  private var failures: [(address: SocketAddress, error: LinkError)] = []

  init(_ target: LinkTarget) { self.target = target }

  /// The address being tried.
  var current: SocketAddress? { addresses.indices.contains(index) ? addresses[index] : nil }

  /// Addresses to try, those of `family` first, otherwise in the order given.
  mutating func add(_ more: [SocketAddress], preferring family: Int32? = nil) {
    let preferred = more.filter { $0.family == family } + more.filter { $0.family != family }
    addresses += preferred.prefix(LinkLimits.maximumAddresses - addresses.count)
  }

  mutating func next() -> SocketAddress? {
    index = min(index + 1, addresses.count)
    return current
  }

  mutating func failed(_ error: LinkError) {
    guard let current else { return }
    failures.append((current, error))
  }

  /// Until when the current address is tried: its share of what is left, and for the last one all of it.
  func deadline(_ limits: LinkLimits, overall: Instant, at now: Instant) -> Instant {
    let left = addresses.count - index
    guard left > 1 else { return overall }
    let share = (overall - now) / left
    return min(overall, now + min(limits.attemptTimeout, max(limits.attemptTimeoutMinimum, share)))
  }

  /// All failures in one sentence, under the code of the one that came furthest.
  var error: LinkError {
    guard let last = failures.last else {
      return LinkError(.unreachable, "\(target): no address to connect to")
    }
    let furthest = failures.last { $0.error.code != .unreachable && $0.error.code != .timeout }
    let text = failures.map { "\($0.address): \($0.error.message)" }.joined(separator: "; ")
    let isSpelledOut = failures.count == 1 && last.address.description == target.description
    return LinkError((furthest ?? last).error.code, isSpelledOut ? text : "\(target): \(text)")
  }
}
