import GRPC
import Logging
import ProcFS
import Sampling
import Selection
import Settings
import StructuredLog
import Wire

/// The host that a collector runs on: the body of its core.
final class CollectorHost: CollectorBody {
  let core: CollectorCore
  let session: SamplingSession
  /// The host's own settings, as last read, and as they were at the start of the program.
  private(set) var local: CollectorSettings
  let started: CollectorSettings
  let identity: HostIdentity
  private let directory: StateDirectory
  private let reload: () throws(SettingsError) -> CollectorSettings
  private let logger: Logger
  private(set) var budget = Budget()
  private var logLevel = LogLevelLease()
  private var plan: (trial: PlanTrial, id: String)?
  /// What holds now, less what is shed.
  private(set) var settings: EffectiveSettings

  init(
    core: CollectorCore, session: SamplingSession, local: CollectorSettings, identity: HostIdentity,
    directory: StateDirectory, reload: @escaping () throws(SettingsError) -> CollectorSettings, logger: Logger
  ) {
    self.core = core
    self.session = session
    self.local = local
    started = local
    self.identity = identity
    self.directory = directory
    self.reload = reload
    self.logger = logger
    settings = core.settings
    session.facts = { [unowned self] in facts }
    session.canEndDictionary = { [unowned core] in core.driver.uplink.ring.canEndDictionary(of: $0) }
  }

  // MARK: The body

  var descriptors: [SeriesDescriptor] { session.descriptors }

  func frame(_ sequence: UInt64, config: [UInt8], at now: Moment) -> SampledFrame {
    session.frame(sequence, config: config, at: now)
  }

  func apply(_ settings: EffectiveSettings, at now: Moment) throws(BodyFailure) {
    self.settings = settings
    session.apply(settings.sampling)
    session.record(settings.recorder, at: Clocks.schedule())
    renewLogLevel(at: now)
  }

  func sampleEvery(_ interval: Duration, at now: Moment) {
    session.sampleEvery(interval, at: Clocks.schedule())
  }

  func persist(_ record: String) throws(BodyFailure) {
    do { try directory.writeConfig(record) } catch { throw BodyFailure(error.description) }
  }

  func makeIdentity(at now: Moment) throws(BodyFailure) -> (identity: Identity, machine: [UInt8]) {
    do {
      let fresh = try identity.renew(in: directory, wallSeconds: now.wallMicroseconds / 1_000_000)
      session.beginEpoch()
      session.recorder.opening.hostID = fresh.identity.hostID
      session.recorder.opening.epoch = fresh.identity.epoch
      return fresh
    } catch {
      throw BodyFailure(error.description)
    }
  }

  func perform(_ effect: Effect, for id: String, at now: Moment) {
    switch effect {
    case .sampleNow(let pattern):
      core.sample(at: now)
      core.finish(id, .ok, output: [.samples(session.values(of: pattern))], at: now)
    case .reload: reload(for: id, at: now)
    case .logLevel(let action): hold(action, for: id, at: now)
    case .plan(let config): begin(config, for: id, at: now)
    // The core's own.
    case .setResolution, .reconnect, .shutdown: break
    }
  }

  // MARK: Time

  /// When `step` wants to be called.
  var nextDeadline: Instant? {
    let next = min(plan?.trial.nextStep ?? .distantFuture, logLevel.nextDeadline ?? .distantFuture)
    return next < .distantFuture ? next : nil
  }

  /// Goes on with what takes time.
  func step(at now: Moment) {
    if let deadline = logLevel.nextDeadline, deadline <= now.instant {
      logLevel.expire(at: now)
      renewLogLevel(at: now)
    }
    if let plan, plan.trial.nextStep <= now.instant, let report = plan.trial.step(at: now) {
      self.plan = nil
      core.finish(plan.id, .ok, output: [.plan(report)], at: now)
    }
  }

  /// Looks at what the collector costs, and sheds or takes up work.
  func keepWithinBudget(at now: Moment) {
    let cost = Budget.Cost(
      cpuNanoseconds: Clocks.processCPUNanoseconds(), bytesSent: core.driver.bytesSent)
    let didChange = budget.measure(
      cost, against: settings.budget, at: now.instant, residentBytes: { session.residentBytes })
    guard didChange else { return }
    let shedding = Shedding(level: budget.level)
    let text =
      budget.level > 0 ? "to keep within the budget: \(shedding.summary)" : "nothing is shed any more"
    logger.notice("\(text)", metadata: ["level": "\(budget.level)", "budget": "\(budgetDetail)"])
    core.shed(shedding, at: now)
  }

  // MARK: Effects

  private func hold(_ action: LogLevelAction, for id: String, at now: Moment) {
    guard logLevel.hold(action, at: now) else {
      return core.finish(id, .failed, "\(action.level) is not a log level", at: now)
    }
    renewLogLevel(at: now)
    core.finish(id, .ok, output: [.text("logging from \(currentLogLevel(at: now)) on")], at: now)
  }

  private func currentLogLevel(at now: Moment) -> Logger.Level {
    logLevel.level(configured: Logger.Level(rawValue: settings.logLevel) ?? local.logLevel, at: now)
  }

  private func renewLogLevel(at now: Moment) {
    StructuredLog.setLevel(currentLogLevel(at: now))
  }

  private func begin(_ config: CollectorConfig, for id: String, at now: Moment) {
    guard plan == nil else {
      return core.finish(
        id, .failed, "another plan is being measured on this host; try again shortly", at: now)
    }
    let root = ProcRoot(path: started.root)
    let stuck = Set(session.sampler.stuckMounts.map { root.path(of: $0.point) })
    let trial = PlanTrial(
      config, from: core.settings, local: local, root: root, calls: KernelCalls.live.sparing(stuck),
      sparing: session.sampler.unansweredSources, clock: Clocks.awakeNanoseconds,
      cpuClock: Clocks.threadCPUNanoseconds,
      facts: session.facts, at: now)
    plan = (trial, id)
  }

  /// Reads the settings file again, as SIGHUP asks. One with a mistake changes nothing.
  func reloadSettings(at now: Moment) {
    do throws(SettingsError) {
      _ = try takeSettings(at: now)
    } catch {
      logger.error("the settings file has a mistake; nothing is changed: \(error)")
    }
  }

  private func reload(for id: String, at now: Moment) {
    do throws(SettingsError) {
      core.finish(id, .ok, output: [.text(try takeSettings(at: now))], at: now)
    } catch {
      core.finish(id, .failed, "nothing is changed: \(error)", at: now)
    }
  }

  /// Returns what changed, for people.
  private func takeSettings(at now: Moment) throws(SettingsError) -> String {
    let fresh = try reload()
    let before = core.settings
    let lines = Reloading(from: local, to: fresh, started: started)
    local = fresh
    core.reloaded(fresh, at: now)
    // The keeper's, which hold as soon as a command has been answered.
    let text = lines.text(effective: before.changes(to: core.keeper.settings))
    logger.notice("the settings file was read again: \(text)")
    return text
  }
}
