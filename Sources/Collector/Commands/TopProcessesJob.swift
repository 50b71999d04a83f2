import GRPC
import ProcFS
import Sampling
import Wire

/// `top-processes`: two passes over all processes, a window apart, and a closer look at the few that count.
final class TopProcessesJob: CommandJob {
  /// Bytes of a command line that are shown.
  static let maximumCommandLine = 1024

  private enum Phase {
    case first(ProcessPass)
    case waiting(ProcessPass)
    case second(ProcessPass)
    case details(ProcessDetails, ProcessPass)
    case done(String)
  }

  private let action: TopProcessesAction
  private let root: ProcRoot
  private let files: ProcessFiles
  private var phase: Phase

  /// A job for an action that is checked.
  init(_ action: TopProcessesAction, root: ProcRoot) {
    self.action = action
    self.root = root
    files = ProcessFiles(root: root)
    phase = .first(ProcessPass(Self.request(action), files: files))
  }

  func step(at now: Moment) -> CommandStep {
    switch phase {
    case .first(let pass):
      if pass.step(at: now) { phase = .waiting(pass) }
      return pass.failure.map { .finished(.failed, "the processes cannot be read: \($0)") } ?? .more
    case .waiting(let pass):
      let due = (pass.beganAt ?? now.instant) + .milliseconds(action.windowMilliseconds)
      guard now.instant >= due else { return .wait(until: due) }
      var request = Self.request(action)
      request.keepsMarks = false
      phase = .second(ProcessPass(request, files: files, after: pass))
      return .more
    case .second(let pass):
      if pass.step(at: now) {
        let details = ProcessDetails(
          of: pass, files: files, root: root, maximumCommandLine: Self.maximumCommandLine)
        phase = .details(details, pass)
      }
      return pass.failure.map { .finished(.failed, "the processes cannot be read: \($0)") } ?? .more
    case .details(let details, let pass):
      guard let list = details.step(at: now) else { return .more }
      phase = .done(Self.remark(on: pass))
      return .output(.processes(list))
    case .done(let remark):
      return .finished(.ok, remark)
    }
  }

  private static func request(_ action: TopProcessesAction) -> ProcessPass.Request {
    var request = ProcessPass.Request()
    request.orders = [action.order]
    request.count = Int(action.count)
    return request
  }

  /// What whoever reads the list should know.
  private static func remark(on pass: ProcessPass) -> String {
    if pass.total > pass.request.maximumProcesses {
      return "of \(pass.total) processes the first \(pass.request.maximumProcesses) were looked at"
    }
    if pass.deniedIO > 0 {
      return "the I/O of \(pass.deniedIO) processes may not be read; CAP_SYS_PTRACE would allow it"
    }
    return ""
  }
}
