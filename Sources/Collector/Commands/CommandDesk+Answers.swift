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
  func listen(_ id: String, _ index: Int) {
    guard !running[index].listeners.contains(id) else { return }
    repeated += 1
    if !running[index].ids.contains(id) { running[index].ids.append(id) }
    // Connections may be lost and come back while an effect lasts.
    if running[index].ids.count > limits.rememberedCommands { running[index].ids.remove(at: 1) }
    running[index].listeners.append(id)
    for (part, content) in running[index].outputs.parts.enumerated() { outbox.append(id, part, content) }
  }

  /// Says a piece of output to everyone who waits for the command.
  func say(_ content: CommandOutput.Content, _ index: Int) {
    let first = running[index].outputs.parts.count
    let parts = running[index].outputs.add(content, partBytes: limits.partBytes)
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
        ids: command.ids, key: command.key, parts: command.outputs.parts, bytes: command.outputs.bytes,
        result: result(of: command, outcome, reason, id: command.ids[0], at: now)))
  }

  /// Answers a command that is not begun. It is remembered by its id alone: another attempt may do better.
  func reject(_ command: Command, _ outcome: CommandOutcome, _ reason: String, at now: Moment) {
    let result = CommandResult(id: command.id, outcome: outcome, reason: reason)
    outbox.append(.result(result))
    remembered.remember(
      RememberedCommands.Entry(ids: [command.id], key: "", parts: [], bytes: 0, result: result))
  }

  func result(
    of command: RunningCommand, _ outcome: CommandOutcome, _ reason: String, id: String, at now: Moment
  ) -> CommandResult {
    let duration = (now.instant - command.began.instant).saturatedMicroseconds
    return CommandResult(
      id: id, outcome: outcome, reason: reason.prefix(utf8Bytes: MessageLimits.reasonBytes),
      durationMicroseconds: UInt64(max(duration, 0)), parts: UInt32(clamping: command.outputs.parts.count),
      bytesCut: UInt64(command.outputs.bytesCut))
  }
}

extension String {
  /// As much of it as fits into so many bytes of UTF-8.
  func prefix(utf8Bytes limit: Int) -> String {
    guard utf8.count > limit else { return self }
    var end = utf8.index(startIndex, offsetBy: limit)
    while UInt8(utf8[end]) & 0xC0 == 0x80 { end = utf8.index(before: end) }
    return String(self[..<end])
  }
}
