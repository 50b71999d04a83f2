import GRPC
import Wire

/// `muster config watch [ID]`: a rollout until its end.
public struct ConfigWatchCommand: Sendable {
  private let aggregator: AggregatorOptions
  private let id: UInt64?
  private let output: OutputFormat

  /// Will follow that rollout; nil: the only one that is under way.
  public init(aggregator: AggregatorOptions, id: UInt64?, output: OutputFormat) {
    self.aggregator = aggregator
    self.id = id
    self.output = output
  }

  /// Follows it. Fails when it was taken back.
  public func run() async throws {
    let follower = RolloutFollower(aggregator: aggregator, output: output)
    if let id {
      try await follower.follow(id)
      return
    }
    let answer = try await aggregator.ask(MusterService.listRollouts, ListRolloutsRequest())
    try await follower.follow(try Self.only(answer.rollouts).id)
  }

  /// The one rollout there is.
  static func only(_ rollouts: [Rollout]) throws(CommandFailure) -> Rollout {
    switch rollouts.count {
    case 0:
      throw CommandFailure(.notFound, "no rollout is under way; `muster config history` tells of the past")
    case 1: return rollouts[0]
    default:
      let titles = rollouts.map { "  " + RolloutText.title($0) }.joined(separator: "\n")
      throw CommandFailure(.usage, "several rollouts are under way; say which by its number:\n\(titles)")
    }
  }
}
