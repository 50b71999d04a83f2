import GRPC
import Testing
import Wire

@testable import Steering

/// What model hosts do with a config.
extension Stage {
  func apply(_ update: ConfigUpdate, _ name: String) {
    guard let host = hosts[name], let config = try? CollectorConfig(packed: update.config) else { return }
    guard host.offers.last == update.sha256 else { return }
    switch host.poison(config) {
    case "refuse": say(.refused, update.sha256, name, "interval is too short for this host")
    case "fail": say(.failed, update.sha256, name, "no such device")
    case "unconfirmed":
      say(.applied, update.sha256, name)
      after(.milliseconds(Int64(update.confirmWithinMilliseconds))) {
        $0.giveUp(update.sha256, name)
      }
    case "die":
      run(config, update, name)
      hosts[name]?.isGone = true
      cut(name)
      after(.seconds(2)) { $0.revive(name) }
    case "gone":
      run(config, update, name)
      hosts[name]?.isGone = true
      cut(name)
    default:
      run(config, update, name)
      say(.applied, update.sha256, name)
      guard hosts[name]?.isConnected ?? false else { return }
      steering(stamped: update.sha256, name)
    }
  }

  /// The config runs, on trial.
  private func run(_ config: CollectorConfig, _ update: ConfigUpdate, _ name: String) {
    let isEmpty = config == CollectorConfig(schema: ConfigSchema.version)
    hosts[name]?.running = config
    if isEmpty { hosts[name]?.good = config }
    let ends = now.instant + .milliseconds(Int64(update.confirmWithinMilliseconds))
    hosts[name]?.trialEnds = ends
    after(.milliseconds(Int64(update.confirmWithinMilliseconds))) { stage in
      guard let host = stage.hosts[name], host.trialEnds == ends else { return }
      stage.hosts[name]?.running = host.good
      stage.hosts[name]?.trialEnds = nil
      stage.giveUp(update.sha256, name)
    }
  }
}

/// What is looked at in tests.
extension Stage {
  /// The documents' `interval` that hosts run, by name: `web-1 10s`; `local` for none.
  var running: [String] {
    hosts.keys.sorted().map { name in
      let config = hosts[name]?.running
      let said = config.map { ConfigText.entries(of: $0).map(\.value).joined(separator: "+") } ?? "local"
      return "\(name) \(said.isEmpty ? "nothing" : said)"
    }
  }

  /// Hosts that were ever sent something.
  var offered: [String] { hosts.filter { !$0.value.offers.isEmpty }.keys.sorted() }

  func rollout(_ id: UInt64 = 1) throws -> Rollout { try #require(steering.rollout(id, at: now)) }

  /// `web-1 refused`, ... in the order in which they are named.
  func troubled(_ id: UInt64 = 1) throws -> [String] {
    try rollout(id).troubled.map { "\($0.instance) \($0.state.word)" }
  }

  func standing(_ name: String) -> ConfigState? { steering.standing(of: "id-\(name)")?.state }
}

/// The status that a call throws.
func refusal(_ body: () throws -> some Any) -> Status? {
  do {
    _ = try body()
    return nil
  } catch {
    return error as? Status
  }
}
