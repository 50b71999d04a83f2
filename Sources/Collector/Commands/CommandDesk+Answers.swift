import GRPC
import Wire

// How commands are answered.
extension CommandDesk {
  /// Whether another command can be begun.
  var hasRoom: Bool {
    running.reduce(0) { $0 + max($1.listeners.count, 1) } < limits.maximumCommands
  }

  /// The command under way that has this id, or else this key.
  func find(_ id: String, orKey key: String) -> Int? {
    running.firstIndex { $0.ids.contains(id) }
      ?? (key.isEmpty ? nil : running.firstIndex { $0.key == key })
  }

  /// A command that is under way came again: who gave it gets what was said, and what follows.
  func listen(_ command: Command, _ index: Int, at now: Moment) {
    let id = command.id
    guard !running[index].listeners.contains(id) else { return }
    guard hasRoom else { return turnAway(command, at: now) }
    guard let parts = running[index].answer.kept else {
      return reject(
        command, .failed,
        "the same command is under way already, and what it said so far is not kept; try again when it is done",
        at: now)
    }
    repeated += 1
    if !running[index].ids.contains(id) { running[index].ids.append(id) }
    // Connections may be lost and come back while an effect lasts.
    if running[index].ids.count > limits.rememberedCommands { running[index].ids.remove(at: 1) }
    running[index].listeners.append(id)
    for (number, part) in parts.enumerated() { outbox.append(id, number, part) }
  }

  /// Answers a command that was done before, with what it said then as long as that is kept and there is room.
  func answerAgain(_ entry: RememberedCommands.Entry, as id: String) {
    repeated += 1
    if !entry.ids.contains(id) { remembered.remember(id, as: entry.ids[0]) }
    var result = entry.result
    result.id = id
    if let parts = entry.parts, outbox.bytes < limits.waitingBytes {
      for (number, part) in parts.enumerated() { outbox.append(id, number, part) }
    } else if result.parts > 0 {
      result.parts = 0
      result.reason = "done before, and its output is no longer kept"
    }
    outbox.append(.result(result))
  }

  /// Says a piece of output to everyone who waits for the command.
  func say(_ content: CommandOutput.Content, _ index: Int) {
    let first = running[index].answer.count
    let parts = running[index].answer.add(content, partBytes: limits.partBytes)
    for id in running[index].listeners {
      for (offset, part) in parts.enumerated() { outbox.append(id, first + offset, part) }
    }
  }

  /// Says the last word on a command, and remembers it.
  func conclude(_ index: Int, _ outcome: CommandOutcome, _ reason: String, at now: Moment) {
    let command = running.remove(at: index)
    for id in command.listeners {
      outbox.append(.result(result(of: command, outcome, reason, id: id, at: now)))
    }
    remembered.remember(
      RememberedCommands.Entry(
        ids: command.ids, key: command.key, parts: command.answer.kept,
        result: result(of: command, outcome, reason, id: command.ids[0], at: now)))
  }

  /// Answers a command that is not begun. It is remembered by its id alone: another attempt may do better.
  func reject(_ command: Command, _ outcome: CommandOutcome, _ reason: String, at now: Moment) {
    let result = CommandResult(id: command.id, outcome: outcome, reason: reason)
    outbox.append(.result(result))
    remembered.remember(
      RememberedCommands.Entry(ids: [command.id], key: "", parts: [], result: result))
  }

  /// Too many are under way.
  func turnAway(_ command: Command, at now: Moment) {
    turnedAway += 1
    reject(
      command, .failed,
      "\(limits.maximumCommands) commands are under way on this host already; wait for one to end", at: now)
  }

  func result(
    of command: RunningCommand, _ outcome: CommandOutcome, _ reason: String, id: String, at now: Moment
  ) -> CommandResult {
    let duration = (now.instant - command.began.instant).saturatedMicroseconds
    return CommandResult(
      id: id, outcome: outcome, reason: reason.prefix(utf8Bytes: MessageLimits.reasonBytes),
      durationMicroseconds: UInt64(max(duration, 0)), parts: UInt32(clamping: command.answer.count),
      bytesCut: UInt64(command.answer.bytesCut))
  }
}
