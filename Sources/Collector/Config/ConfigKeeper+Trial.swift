import GRPC
import Settings
public import Wire

extension ConfigKeeper {
  /// A config came down the Watch call.
  public mutating func offered(_ update: ConfigUpdate, at now: Moment) {
    let name = ConfigRecord.ConfigName(sha256: update.sha256, version: update.version)
    guard local.remote.allowsConfig else {
      return say(.refused, name, "remote.config is false in this host's settings file")
    }
    guard trial == nil else {
      // Of several the newest; what is being tried need not come again.
      waiting = update.sha256 == trial?.stored.sha256 ? nil : update
      return
    }
    if update.sha256 == runningSHA256, let good = record.good {
      return say(.verified, ConfigRecord.ConfigName(sha256: good.sha256, version: update.version))
    }
    guard !record.failed.contains(update.sha256) else {
      return say(.failed, name, "it failed on this host before, and is not tried again")
    }
    begin(update, name)
  }

  /// What was to be written is on the disk.
  public mutating func persisted() {
    guard case .remembering = trial?.phase, let trial else { return }
    self.trial?.phase = .applying
    say(.applying, trial.name)
    run(trial.config, sha256: trial.stored.sha256)
  }

  /// What was to be written is not on the disk. A trial that could not be found out about after a crash is
  /// not begun.
  public mutating func persistFailed(_ reason: String, at now: Moment) {
    guard case .remembering = trial?.phase, let trial else { return }
    forgetTrial()
    addRefused(trial.stored.sha256)
    say(.failed, trial.name, "it cannot be remembered, and so is not tried: \(reason)")
    takeWaiting(at: now)
  }

  /// The settings of the last `apply` hold.
  ///
  /// - Parameter nextFrame: the number of the first frame that is read under them.
  public mutating func applied(nextFrame: UInt64, at now: Moment) {
    guard case .applying = trial?.phase, let trial else { return }
    self.trial?.phase = .applied(confirmBy: now.instant + trial.confirmation, firstFrame: nextFrame)
    say(.applied, trial.name)
  }

  /// The settings of the last `apply` do not hold, or not all of them.
  public mutating func applyFailed(_ reason: String, at now: Moment) {
    guard case .applying = trial?.phase, let trial else { return }
    if trial.stored.sha256 != Self.nothing { record.addFailed(trial.stored.sha256) }
    goBack(.failed, reason, at: now)
  }

  /// The aggregator has seen frames stamped with this config. They may be those of an earlier trial, late: it is
  /// kept once a frame of this one is acknowledged as well.
  public mutating func confirmed(_ sha256: [UInt8]) {
    guard let trial, trial.stored.sha256 == sha256 else { return }
    guard case .applied(let confirmBy, let firstFrame, _) = trial.phase else { return }
    self.trial?.phase = .applied(confirmBy: confirmBy, firstFrame: firstFrame, isConfirmed: true)
  }

  /// The aggregator has the frames up to this one.
  public mutating func acknowledged(through sequence: UInt64, at now: Moment) {
    guard let trial, case .applied(_, let firstFrame, true) = trial.phase,
      firstFrame <= sequence
    else { return }
    record.prove(trial.stored)
    forgetTrial()
    persist()
    say(.verified, trial.name)
    takeWaiting(at: now)
  }

  /// Time passed.
  public mutating func tick(at now: Moment) {
    guard let trial, let deadline = nextDeadline, deadline <= now.instant else { return }
    let (state, reason) = undecided(
      trial.stored.sha256,
      "no confirmation that its frames arrive came within \(DurationText.text(trial.confirmation))")
    goBack(state, reason, at: now)
  }

  /// The verdict on a trial of which nobody knows whether it came to nothing by the config's fault.
  mutating func undecided(_ sha256: [UInt8], _ reason: String) -> (ConfigState, String) {
    let count = record.addUndecided(sha256)
    let isInnocent = sha256 == Self.nothing || record.proven.contains(sha256)
    guard count >= Self.maximumUndecidedTrials, !isInnocent else { return (.rolledBack, reason) }
    record.addFailed(sha256)
    return (.failed, "\(reason), in trial \(count); it is not tried again on this host")
  }

  private mutating func begin(_ update: ConfigUpdate, _ name: ConfigRecord.ConfigName) {
    say(.received, name)
    guard SHA256.digest(of: update.config) == update.sha256 else {
      return say(.refused, name, "the config is not what its hash says; it was damaged on the way")
    }
    guard update.config.count <= ConfigRecord.maximumConfigBytes else {
      return refuse(
        name, "it has \(update.config.count) bytes; a collector keeps \(ConfigRecord.maximumConfigBytes)")
    }
    let config: CollectorConfig
    do { config = try CollectorConfig(packed: update.config) } catch {
      return refuse(name, "it cannot be read: \(error.message)")
    }
    let problems = ConfigCheck.problems(config, on: local)
    guard problems.isEmpty else { return refuse(name, "", problems) }
    say(.validated, name)
    trial = Trial(
      stored: StoredConfig(sha256: update.sha256, version: update.version, packed: update.config),
      config: config, confirmation: Self.confirmation(update))
    record.trial = name
    persist()
  }

  private static func confirmation(_ update: ConfigUpdate) -> Duration {
    guard update.confirmWithinMilliseconds > 0 else { return defaultConfirmation }
    let asked = Duration.milliseconds(update.confirmWithinMilliseconds)
    return min(max(asked, confirmations.lowerBound), confirmations.upperBound)
  }

  private mutating func refuse(
    _ name: ConfigRecord.ConfigName, _ reason: String, _ problems: [ConfigProblem] = []
  ) {
    addRefused(name.sha256)
    say(.refused, name, reason, problems: problems)
  }

  /// Ends the trial against the config.
  private mutating func goBack(_ state: ConfigState, _ reason: String, at now: Moment) {
    guard let trial else { return }
    forgetTrial()
    runGood()
    persist()
    say(state, trial.name, reason)
    takeWaiting(at: now)
  }

  /// After the verdict on one config: the newest of those that came meanwhile.
  mutating func takeWaiting(at now: Moment) {
    guard let update = waiting else { return }
    waiting = nil
    offered(update, at: now)
  }

  mutating func forgetTrial() {
    trial = nil
    record.trial = nil
  }

  mutating func addRefused(_ sha256: [UInt8]) {
    refused.removeAll { $0 == sha256 }
    refused.append(sha256)
    if refused.count > ConfigRecord.maximumFailed { refused.removeFirst() }
  }
}

extension ConfigKeeper.Trial {
  var name: ConfigRecord.ConfigName {
    ConfigRecord.ConfigName(sha256: stored.sha256, version: stored.version)
  }
}
