import Wire

/// Makes of what the runs of a plan tell what the plan's reader is told: one answer for every host.
struct PlanAnswers {
  private let asked: UInt32
  private var answered: UInt32 = 0
  /// Of hosts whose result is yet to come.
  private var reports: [String: PlanReport] = [:]

  /// - Parameter asked: how many hosts are asked, in all runs.
  init(asked: UInt32) {
    self.asked = asked
  }

  /// Takes in what a run tells; `nil`: a reader need not know.
  mutating func take(_ update: RunUpdate) -> PlanUpdate? {
    if case .plan(let report) = update.output?.content { reports[update.hostID] = report }
    guard let result = update.result else { return nil }
    answered += 1
    var answer = PlanUpdate(
      hostID: update.hostID, instance: update.instance, asked: asked, answered: answered)
    let report = reports.removeValue(forKey: update.hostID)
    if result.outcome == .ok, let report {
      answer.report = report
    } else if result.outcome == .ok {
      answer.problem = "the host answered without a report"
    } else {
      answer.problem = result.reason.isEmpty ? result.outcome.word : result.reason
    }
    return answer
  }
}
