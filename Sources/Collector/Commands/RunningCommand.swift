import GRPC
import Wire

/// A command under way.
struct RunningCommand {
  /// Its id, and those of later commands of the same key.
  var ids: [String]
  /// Those of them that wait for the answer.
  var listeners: [String]
  let key: String
  let kind: CommandKind
  let began: Moment
  /// When it has taken too long.
  let deadline: Instant
  let timeout: Duration
  /// Nil: the loop does it, and says when it is finished.
  let job: (any CommandJob)?
  /// When the job wants to be worked on.
  var wakesAt: Instant
  /// What was said so far.
  var outputs: CommandAnswer
}

/// A command's answer as it grows: its parts, bounded by what the asker wants at most.
struct CommandAnswer {
  private(set) var parts: [CommandOutput.Content] = []
  private(set) var bytes = 0
  private(set) var bytesCut = 0
  private let limit: Int

  init(limit: Int) {
    self.limit = limit
  }

  /// Takes in content, cut into parts. Returns those to be sent.
  ///
  /// What does not fit is left out, and everything after it: a gap in the middle would not be seen.
  mutating func add(_ content: CommandOutput.Content, partBytes: Int) -> [CommandOutput.Content] {
    var sent: [CommandOutput.Content] = []
    for part in content.parts(of: partBytes) {
      let size = part.packedBytes
      if bytesCut > 0 || bytes + size > limit {
        let rest = bytesCut > 0 ? nil : part.prefix(bytes: limit - bytes)
        let kept = rest?.packedBytes ?? 0
        bytesCut += size - kept
        if let rest { append(rest, kept, to: &sent) }
      } else {
        append(part, size, to: &sent)
      }
    }
    return sent
  }

  private mutating func append(
    _ part: CommandOutput.Content, _ size: Int, to sent: inout [CommandOutput.Content]
  ) {
    parts.append(part)
    bytes += size
    sent.append(part)
  }
}
