import GRPC
import Wire

/// `recorder`: hands over what was copied from the recorder, part by part.
final class RecorderJob: CommandJob {
  private let extract: RecorderExtract
  private var parts = 0

  init(_ extract: RecorderExtract) {
    self.extract = extract
  }

  func step(at now: Moment) -> CommandStep {
    if let part = extract.step() {
      parts += 1
      return .output(.recorder(part))
    }
    guard extract.isDone else { return .more }
    return parts > 0 ? .done : .finished(.ok, "nothing is recorded of that time")
  }
}
