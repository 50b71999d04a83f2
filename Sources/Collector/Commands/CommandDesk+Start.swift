import GRPC
import Logging
import Selection
import Wire

// How commands are begun: what is wrong with one is said before anything of it is done.
extension CommandDesk {
  func start(_ command: Command, at now: Moment) {
    guard let action = command.action else {
      return reject(
        command, .unsupported, "this collector does not know the command; a newer version may", at: now)
    }
    let kind = action.kind
    guard !forbidden.contains(kind) else {
      let reason =
        "\(kind.rawValue) is forbidden on this host: remote.forbid in \(environment.settingsFile) names it"
      return reject(command, .refused, reason, at: now)
    }
    guard command.timeToLiveMilliseconds > 0 else {
      return reject(
        command, .expired, "its time to live had passed before it could be begun; nothing was done", at: now)
    }
    guard hasRoom else { return turnAway(command, at: now) }
    do throws(InvalidCommand) {
      switch try plan(action, at: now) {
      case .nothing: conclude(add(command, kind, nil, at: now), .ok, "", at: now)
      case .job(let job): _ = add(command, kind, job, at: now)
      case .effect(let effect):
        _ = add(command, kind, nil, at: now)
        outbox.append(.effect(effect, command.id))
      }
    } catch {
      reject(command, .failed, error.message, at: now)
    }
  }

  /// What carrying out an action takes.
  private enum Plan {
    case nothing
    case job(any CommandJob)
    case effect(Effect)
  }

  private func plan(_ action: Action, at now: Moment) throws(InvalidCommand) -> Plan {
    switch action {
    case .ping: .nothing
    case .sampleNow(let pattern): .effect(.sampleNow(try Self.pattern(pattern)))
    case .topProcesses(let request): .job(try scan(request))
    case .diskUsage: .job(DiskUsageJob(environment: environment, mounts: mounts))
    case .setResolution(let request): .effect(.setResolution(try request.checked()))
    case .recorder(let milliseconds): .job(try recorder(milliseconds, at: now))
    case .reload: .effect(.reload)
    case .logLevel(let request): .effect(.logLevel(try request.checked()))
    case .selfCheck: .job(SelfCheckJob(environment: environment))
    case .diagnostics: .job(DiagnosticsJob(environment: environment))
    case .reconnect: .effect(.reconnect)
    case .shutdown: .effect(.shutdown)
    case .planConfig(let packed): .effect(.plan(try Self.config(packed)))
    }
  }

  /// Puts a command on the desk; returns where.
  private func add(_ command: Command, _ kind: CommandKind, _ job: (any CommandJob)?, at now: Moment) -> Int {
    let asked = Duration.milliseconds(command.timeoutMilliseconds)
    let timeout = asked > .zero ? min(asked, limits.maximumTimeout) : limits.defaultTimeout
    let bytes = Int(command.outputLimitBytes)
    let limit = bytes > 0 ? min(bytes, limits.maximumOutputBytes) : limits.defaultOutputBytes
    running.append(
      RunningCommand(
        ids: [command.id], listeners: [command.id], key: command.idempotencyKey, kind: kind, began: now,
        deadline: now.instant + timeout, timeout: timeout, job: job, wakesAt: now.instant,
        answer: CommandAnswer(limit: limit, keepLimit: limits.rememberedBytes)))
    return running.count - 1
  }

  private func scan(_ request: TopProcessesAction) throws(InvalidCommand) -> any CommandJob {
    try checkRoom(for: .topProcesses)
    return TopProcessesJob(try request.checked(), root: environment.root)
  }

  private func recorder(_ milliseconds: UInt32, at now: Moment) throws(InvalidCommand) -> any CommandJob {
    let recorder = environment.recorder
    guard recorder.isOn else {
      throw InvalidCommand("the recorder is switched off on this host, by its config or to save CPU")
    }
    try checkRoom(for: .recorder)
    return RecorderJob(recorder.extract(last: milliseconds > 0 ? .milliseconds(milliseconds) : nil, at: now))
  }

  /// Of the commands that keep much in memory there are only a few at a time.
  private func checkRoom(for kind: CommandKind) throws(InvalidCommand) {
    let others = running.count { $0.kind == kind }
    guard others < limits.maximumLarge else {
      throw InvalidCommand("\(others) \(kind.rawValue) commands are under way already; wait for one to end")
    }
  }

  private static func pattern(_ text: String) throws(InvalidCommand) -> MetricPattern {
    do { return try MetricPattern(parsing: text) } catch { throw InvalidCommand(error.description) }
  }

  private static func config(_ packed: [UInt8]) throws(InvalidCommand) -> CollectorConfig {
    do { return try CollectorConfig(packed: packed) } catch {
      throw InvalidCommand("the config cannot be read: \(error.message)")
    }
  }
}
