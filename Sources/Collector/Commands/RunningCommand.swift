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
  var answer: CommandAnswer
}
