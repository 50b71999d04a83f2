import GRPC
import Wire

/// A command that is worked on in slices, because it takes longer than the loop may be kept.
protocol CommandJob: AnyObject {
  /// Does a few hundred microseconds of work at most.
  func step(at now: Moment) -> CommandStep
}

/// What came of a slice of work.
enum CommandStep {
  /// There is more to do at once.
  case more
  /// Nothing to do before this.
  case wait(until: Instant)
  /// Something to send; more to do.
  case output(CommandOutput.Content)
  /// All is done.
  case finished(CommandOutcome, String)

  /// All is done, and well.
  static let done = CommandStep.finished(.ok, "")
}
