import GRPC
public import Wire

/// `muster config rollback --to SELECTOR`: back to an earlier document of a layer.
public struct ConfigRollbackCommand: Sendable {
  private let aggregator: AggregatorOptions
  private let request: RollBackRequest
  private let isDetached: Bool
  private let output: OutputFormat

  /// Will go back to a version, nil: the one before the present one.
  public init(
    aggregator: AggregatorOptions, selector: String, version: UInt64?, message: String, plan: RolloutPlan,
    isDetached: Bool, output: OutputFormat
  ) {
    self.aggregator = aggregator
    self.request = RollBackRequest(
      selector: selector, toVersion: version ?? 0, author: Author.current, message: message, plan: plan)
    self.isDetached = isDetached
    self.output = output
  }

  /// Goes back, and follows the rollout that does it.
  public func run() async throws {
    let rollout = try await aggregator.ask(MusterService.rollBack, request)
    guard isDetached else {
      try await RolloutFollower(aggregator: aggregator, output: output).follow(rollout.id, from: rollout)
      return
    }
    switch output {
    case .json: StandardOutput.write(try JSONOutput.line(RolloutDocument(rollout)))
    case .table:
      StandardOutput.write(RolloutText.title(rollout) + "\nwatch it: muster config watch \(rollout.id)\n")
    }
  }
}
