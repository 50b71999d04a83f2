import GRPC
public import Wire

// The host's own side: what was remembered at a start, and settings that change while the collector runs.
extension ConfigKeeper {
  /// What the last run left.
  mutating func restore() {
    restoreGood()
    guard let trial = record.trial else { return repeatUndecided() }
    record.trial = nil
    let (state, reason) = undecided(trial.sha256, "the collector ended before it was confirmed")
    persist()
    say(state, trial, reason)
  }

  /// The collector may have ended before it could say that a trial came to nothing: until a config is confirmed,
  /// every start says it.
  private mutating func repeatUndecided() {
    guard let last = record.undecided.last else { return }
    say(
      .rolledBack, ConfigRecord.ConfigName(sha256: last.sha256, version: 0),
      "the collector ended, or was cut off, before it was confirmed")
  }

  private mutating func restoreGood() {
    guard let good = record.good else { return }
    let name = ConfigRecord.ConfigName(sha256: good.sha256, version: good.version)
    let (config, reason, problems) = check(good)
    guard let config else { return drop(name, reason, problems) }
    running = config
    status = ConfigStatus(
      sha256: good.sha256, version: good.version, state: .verified, runningSHA256: good.sha256)
  }

  /// The settings file was read again. What runs is checked against it, and goes on over it if it may.
  public mutating func reloaded(_ local: CollectorSettings, at now: Moment) {
    self.local = local
    refused.removeAll()
    guard local.remote.allowsConfig else { return abandonAll() }
    if let good = record.good {
      let (config, reason, problems) = check(good)
      if config == nil {
        drop(ConfigRecord.ConfigName(sha256: good.sha256, version: good.version), reason, problems)
      }
    }
    guard let trial else { return runGood() }
    let (config, reason, problems) = check(trial.stored)
    guard config == nil else { return act(.apply(settings, sha256: runningSHA256)) }
    forgetTrial()
    addRefused(trial.stored.sha256)
    runGood()
    persist()
    say(.refused, trial.name, reason, problems: problems)
    takeWaiting(at: now)
  }

  /// The host's administrator wants no config from elsewhere any more.
  private mutating func abandonAll() {
    let name =
      trial?.name ?? record.good.map { ConfigRecord.ConfigName(sha256: $0.sha256, version: $0.version) }
    forgetTrial()
    waiting = nil
    record.good = nil
    run(nil, sha256: [])
    guard let name else { return }
    persist()
    say(.refused, name, "remote.config is false in this host's settings file")
  }

  /// A config that was good is not any more: none but the local file runs.
  private mutating func drop(
    _ name: ConfigRecord.ConfigName, _ reason: String, _ problems: [ConfigProblem]
  ) {
    record.good = nil
    if trial == nil {
      running = nil
      status.runningSHA256 = []
    }
    addRefused(name.sha256)
    persist()
    say(.refused, name, reason, problems: problems)
  }

  /// A stored config as this host would run it now; nil, and why not.
  private func check(_ stored: StoredConfig) -> (CollectorConfig?, String, [ConfigProblem]) {
    do {
      let config = try CollectorConfig(packed: stored.packed)
      let problems = ConfigCheck.problems(config, on: local)
      return (problems.isEmpty ? config : nil, "", problems)
    } catch {
      return (nil, "it cannot be read: \(error.message)", [])
    }
  }
}
