import Link
import Logging
import ProcFS
import Sampling
import Settings
import StructuredLog
import Wire

/// What commands read of the collector, answered from what the loop has in its hands.
final class HostEnvironment: CommandEnvironment {
  let root: ProcRoot
  let calls = KernelCalls.live
  let clock = Clocks.awakeNanoseconds
  let recorder: Recorder
  let settingsFile: String
  let stateDirectory: String
  /// The host, as soon as there is one.
  weak var host: CollectorHost?

  init(_ settings: CollectorSettings, recorder: Recorder) {
    root = ProcRoot(path: settings.root)
    self.recorder = recorder
    settingsFile = settings.file
    stateDirectory = settings.stateDirectory
  }

  var filters: FilterSettings { host?.settings.sampling.filters ?? FilterSettings() }
  var sourceStatuses: [SourceStatus] { host?.session.sourceStatuses ?? [] }
  var seriesStanding: SeriesStanding { host?.session.seriesStanding ?? SeriesStanding() }
  var stuckMounts: [StuckMount] { host?.session.sampler.stuckMounts ?? [] }
  var configStatus: ConfigStatus { host?.core.keeper.status ?? ConfigStatus() }
  var recentLogLines: [String] { StructuredLog.recentLines }
  var clockOffsetMicroseconds: Int64? { host?.core.driver.uplink.clockOffset.best?.offsetMicroseconds }

  var settings: [CommandFact] { host?.local.facts ?? [] }

  var config: [CommandFact] {
    guard let keeper = host?.core.keeper, keeper.running != nil else { return [] }
    return keeper.settings.entries.map { CommandFact($0.key, $0.value) }
  }

  var budget: BudgetStanding {
    guard let host else { return BudgetStanding() }
    let shed = Shedding(level: host.budget.level).summary
    return BudgetStanding(
      level: host.budget.level, detail: host.budgetDetail + (shed.isEmpty ? "" : ": \(shed)"))
  }

  var state: [CommandFact] {
    guard let host else { return [] }
    let identity = host.identity.record
    let driver = host.core.driver
    return [
      CommandFact("version", MusterVersion.current), CommandFact("host_id", identity.hostID),
      CommandFact("rekeyed_from", identity.rekeyedFrom), CommandFact("epoch", identity.epoch),
      CommandFact("aggregator", host.started.aggregator),
      CommandFact("attached", driver.uplink.isAttached),
      CommandFact("interval", DurationText.text(host.core.interval)),
      CommandFact("frames_collected", driver.uplink.ring.collected),
      CommandFact("frames_acknowledged", driver.uplink.ring.acknowledged),
      CommandFact("frames_buffered", driver.uplink.ring.count),
      CommandFact("frames_dropped", driver.uplink.ring.dropped),
      CommandFact("config_version", host.core.keeper.runningVersion),
      CommandFact("config_state", "\(host.core.keeper.status.state)"),
      CommandFact("config_failed", host.core.keeper.record.failed.count),
    ]
  }

  var counters: [CommandFact] { host.map { SelfMetrics.counters($0.facts) } ?? [] }
}

extension CollectorSettings {
  /// Key by key, as the file would say it. Paths of keys, never what is in them.
  var facts: [CommandFact] {
    var facts = [
      CommandFact("aggregator", aggregator), CommandFact("insecure", insecure),
      CommandFact("instance", instance), CommandFact("state_directory", stateDirectory),
      CommandFact("root", root), CommandFact("log.format", logFormat.rawValue),
    ]
    if let tls {
      facts += [
        ("tls.ca_file", tls.caFile), ("tls.server_name", tls.serverName),
        ("tls.pinned_sha256", tls.pinnedSHA256?.description), ("tls.certificate_file", tls.certificateFile),
        ("tls.key_file", tls.keyFile),
      ].compactMap { key, value in value.map { CommandFact(key, $0) } }
    }
    facts += labels.map { CommandFact("labels.\($0.name)", $0.value) }
    facts += EffectiveSettings(self).entries.map { CommandFact($0.key, $0.value) }
    return facts + [
      CommandFact("remote.config", remote.allowsConfig),
      CommandFact("remote.forbid", "[\(remote.forbidden.map(\.rawValue).joined(separator: ", "))]"),
      CommandFact("remote.minimum_interval", DurationText.text(remote.minimumInterval)),
    ]
  }
}
