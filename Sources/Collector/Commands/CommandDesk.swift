// Commands: what an operator can have this collector do, carried out in slices on the loop.
//
//     begin ─► refused, expired, unsupported, failed ─────────────────────────────► result
//        │
//        ├─► job ──step── more │ wait │ output ─────── finished, timeout, cancel ─► result
//        └─► effect ─► the loop does it ─► finish(outcome, content) ──────────────► result
//
// No I/O but that of jobs, which read files of /proc and ask mounts through threads that may wait for them.
// Each command gets exactly one result as long as the connection that brought it lives. A command that comes
// again, by its id or its key, is answered from memory and not done again. Limits: `CommandLimits`.

import GRPC
import Settings
import Wire

/// Carries out commands, in slices. Lives on the loop.
final class CommandDesk {
  /// The kinds that the host's own administrator forbids: the local `remote.forbid`.
  var forbidden: Set<CommandKind>
  /// Commands answered without being done again, and such that failed because too many were under way.
  var repeated: UInt64 = 0
  var turnedAway: UInt64 = 0

  let limits: CommandLimits
  let environment: any CommandEnvironment
  var running: [RunningCommand] = []
  var remembered: RememberedCommands
  var outbox = CommandOutbox()
  let mounts: MountSurveyor
  /// Whose turn it is.
  private var turn = 0

  init(
    limits: CommandLimits = CommandLimits(), forbidden: Set<CommandKind>,
    environment: any CommandEnvironment
  ) {
    self.limits = limits
    self.forbidden = forbidden
    self.environment = environment
    remembered = RememberedCommands(limits: limits)
    mounts = MountSurveyor(calls: environment.calls, clock: environment.clock)
  }

  /// Takes a command. What follows comes out of `takeEvent`, now or after steps.
  func begin(_ command: Command, at now: Moment) {
    // Nobody takes answers: a peer that floods us is not answered either.
    guard outbox.count < limits.waitingEvents else { return turnedAway += 1 }
    if let index = find(command.id, orKey: command.idempotencyKey) {
      listen(command, index, at: now)
    } else if let entry = remembered.find(command.id, orKey: command.idempotencyKey) {
      answerAgain(entry, as: command.id)
    } else {
      start(command, at: now)
    }
  }

  /// Ends a command at once. What an effect of it has begun goes on, and is not waited for. An unknown id,
  /// also of a command that has ended, says nothing.
  func cancel(_ id: String, at now: Moment) {
    guard let index = running.firstIndex(where: { $0.listeners.contains(id) }) else { return }
    // What was not sent yet is not wanted any more.
    let unsent = outbox.removeOutput(of: id)
    let isEffect = running[index].job == nil
    let reason = isEffect ? "cancelled; what it had begun goes on" : "cancelled"
    var result = result(of: running[index], .cancelled, reason, id: id, at: now)
    result.parts -= min(result.parts, UInt32(clamping: unsent))
    outbox.append(.result(result))
    running[index].listeners.removeAll { $0 == id }
    if running[index].listeners.isEmpty { conclude(index, .cancelled, reason, at: now) }
  }

  /// Nobody reads results any more: what only reads is dropped, and so is what waits to be sent. Effects go
  /// on, and are remembered for who asks again.
  func connectionLost() {
    running.removeAll { $0.job != nil }
    for index in running.indices { running[index].listeners.removeAll() }
    outbox.removeAllButEffects()
  }

  /// The loop has done what an effect asked for. An id that is unknown, because the command was cancelled or
  /// took too long, is passed over.
  func finish(
    _ id: String, _ outcome: CommandOutcome, _ reason: String, output: [CommandOutput.Content], at now: Moment
  ) {
    guard let index = running.firstIndex(where: { $0.ids.contains(id) && $0.job == nil }) else { return }
    for content in output { say(content, index) }
    conclude(index, outcome, reason, at: now)
  }

  /// Ends what has taken too long, and works on one command for a few hundred microseconds.
  func step(at now: Moment) {
    endOverdue(at: now)
    guard outbox.bytes < limits.waitingBytes, !running.isEmpty else { return }
    for offset in running.indices {
      let index = (turn + offset) % running.count
      if let job = running[index].job, running[index].wakesAt <= now.instant {
        turn = index + 1
        return work(job, index, at: now)
      }
    }
  }

  /// When `step` wants to be called: in the past when there is work. Nil: nothing is under way.
  var nextDeadline: Instant? {
    var next: Instant?
    let mayWork = outbox.bytes < limits.waitingBytes
    for command in running {
      let due = mayWork && command.job != nil ? min(command.wakesAt, command.deadline) : command.deadline
      next = next.map { min($0, due) } ?? due
    }
    return next
  }

  /// What is to be sent or done next.
  func takeEvent() -> Event? { outbox.take() }

  /// Commands under way, for self-metrics.
  var count: Int { running.count }

  private func work(_ job: any CommandJob, _ index: Int, at now: Moment) {
    switch job.step(at: now) {
    case .more: running[index].wakesAt = now.instant
    case .wait(let until): running[index].wakesAt = until
    case .output(let content):
      running[index].wakesAt = now.instant
      say(content, index)
    case .finished(let outcome, let reason): conclude(index, outcome, reason, at: now)
    }
  }

  private func endOverdue(at now: Moment) {
    for index in running.indices.reversed() where running[index].deadline <= now.instant {
      let time = DurationText.text(running[index].timeout)
      conclude(index, .failed, "not done after \(time), the time it was given; give it more", at: now)
    }
  }
}
