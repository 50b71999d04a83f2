import GRPC
public import Wire

/// `muster config pause | resume | abort | promote [ID]`: takes a hand in a rollout.
public struct ConfigSteerCommand: Sendable {
  private let aggregator: AggregatorOptions
  private let id: UInt64?
  private let action: RolloutAction
  private let message: String
  private let output: OutputFormat

  /// Will do that to a rollout; nil: the only one that is under way.
  public init(
    aggregator: AggregatorOptions, id: UInt64?, action: RolloutAction, message: String, output: OutputFormat
  ) {
    self.aggregator = aggregator
    self.id = id
    self.action = action
    self.message = message
    self.output = output
  }

  /// Does it, and says how the rollout stands then.
  public func run() async throws {
    let request = SteerRolloutRequest(
      id: id ?? 0, action: action, author: Author.current, message: message)
    let rollout = try await aggregator.ask(MusterService.steerRollout, request)
    switch output {
    case .json: StandardOutput.write(try JSONOutput.line(RolloutDocument(rollout)))
    case .table:
      let now = rollout.serverTimeMicroseconds > 0 ? rollout.serverTimeMicroseconds : WallClock.microseconds
      var text = "rollout \(rollout.id): \(RolloutText.standing(rollout, now: now))\n"
      if !rollout.state.isOver { text += "watch it: muster config watch \(rollout.id)\n" }
      StandardOutput.write(text)
    }
  }
}
