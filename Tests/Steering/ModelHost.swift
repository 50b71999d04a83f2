import GRPC
import Wire

@testable import Steering

/// A collector as steering sees one: it takes what it is offered, says how it goes, and stamps its frames.
///
/// What a config does to it is in the config: the label `poison` says what happens, and `@HOST` behind it to
/// whom alone.
struct ModelHost {
  let host: SteeredHost
  var isConnected = false
  /// It cannot connect.
  var isGone = false
  /// The aggregator has not heard yet that the connection is gone.
  var isHalfOpen = false
  /// What runs; nil: none but the local file.
  var running: CollectorConfig?
  /// What it goes back to.
  var good: CollectorConfig?
  /// When it goes back if it does not hear that the config is kept.
  var trialEnds: Instant?
  var status = ConfigStatus()
  var failed: [[UInt8]] = []
  /// What it was sent, in order.
  var offers: [[UInt8]] = []
  /// Trials of which nobody knows why they came to nothing, and what was confirmed once.
  var undecided: [[UInt8]: Int] = [:]
  var proven: Set<[UInt8]> = []
  /// How long it takes to apply something.
  var pace: Duration = .milliseconds(200)

  init(_ host: SteeredHost) { self.host = host }

  var runningSHA256: [UInt8] { running?.sha256 ?? [] }

  /// What the config does to this host; empty: nothing bad.
  func poison(_ config: CollectorConfig?) -> String {
    guard let value = config?.labels.first(where: { $0.name == "poison" })?.value else { return "" }
    let parts = value.split(separator: "@")
    return parts.count == 1 || parts[1] == host.instance ? String(parts[0]) : ""
  }

  var health: HostHealth {
    switch poison(running) {
    case "cpu": HostHealth(cpuRatio: 0.03, residentBytes: 20e6, failingSources: 1)
    case "memory": HostHealth(cpuRatio: 0.01, residentBytes: 90e6, failingSources: 1)
    case "sources": HostHealth(cpuRatio: 0.01, residentBytes: 20e6, failingSources: 2)
    default: HostHealth(cpuRatio: 0.01, residentBytes: 20e6, failingSources: 1)
    }
  }

  mutating func say(_ state: ConfigState, _ sha256: [UInt8], _ reason: String = "") {
    status = ConfigStatus(sha256: sha256, state: state, reason: reason, runningSHA256: runningSHA256)
    if state == .failed || state == .refused { failed.append(sha256) }
  }

  /// A trial came to nothing, and nobody knows why: the second time the config is to blame, unless it was good once.
  mutating func verdict(on sha256: [UInt8]) -> ConfigState {
    undecided[sha256, default: 0] += 1
    let isInnocent = proven.contains(sha256) || sha256 == MergedConfig.nothing.sha256
    return undecided[sha256] == 1 || isInnocent ? .rolledBack : .failed
  }

  /// The process ended and began again: what was on trial is gone.
  mutating func restart() {
    guard trialEnds != nil else { return }
    let tried = runningSHA256
    running = good
    trialEnds = nil
    say(verdict(on: tried), tried, "the collector ended while it tried")
  }
}
