import GRPC
import Wire

/// All that steering knows of a host.
struct HostRecord: Sendable {
  /// Who it is; nil: only its records are known, nobody has said that it exists.
  var host: SteeredHost?
  /// The layers that select it, weakest first.
  var layers: [String] = []
  /// What it is meant to run.
  var meant = MergedConfig.nothing
  /// What it was offered last, and what failed on it.
  var config: StoredHostConfig
  /// Its connection.
  var link: HostLink
  /// How it was last said to stand.
  var shown: HostStanding?
  /// The rollouts under way that it has a part in, oldest first.
  var rollouts: [UInt64] = []

  init(_ config: StoredHostConfig, awaySince: Instant) {
    self.config = config
    link = HostLink(awaySince: awaySince)
  }

  /// How people call it.
  var name: String { host?.instance ?? config.hostID }

  /// Where it is on its way to: the offer it got, else what it works on, else what runs.
  var heading: [UInt8] {
    link.offered ?? link.working ?? link.running ?? config.stampedSHA256
  }

  /// Nothing is meant for it, it runs nothing, and nothing is on its way to it.
  var isLeftAlone: Bool {
    meant.isNothing && heading.isEmpty && config.stampedSHA256.isEmpty
  }

  /// Its frames say that it runs what is meant for it, and nothing else is on its way to it.
  var runsWhatIsMeant: Bool {
    isLeftAlone || (config.stampedSHA256 == meant.sha256 && heading == meant.sha256)
  }

  /// How far it is with what is meant for it, as long as it has no verdict.
  var progress: ConfigState {
    let heard = link.working == meant.sha256 ? (link.status?.state ?? .unknown) : .unknown
    if heard != .unknown { return heard == .verified ? .applied : heard }
    if link.offered == meant.sha256 { return .offered }
    if link.running == meant.sha256, !meant.isNothing { return .applied }
    return config.sha256 == meant.sha256 && !config.state.isFailure && config.state != .verified
      ? config.state : .unknown
  }

  /// Remembers that a config failed here; false: that was known.
  mutating func note(_ failure: StoredConfigFailure) -> Bool {
    guard !config.failures.contains(failure) else { return false }
    config.failures.removeAll { $0.sha256 == failure.sha256 }
    config.failures.append(failure)
    if config.failures.count > SteeringLimits.hostFailures { config.failures.removeFirst() }
    return true
  }
}
