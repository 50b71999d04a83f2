import GRPC
public import Wire

/// `muster config push FILE --to SELECTOR`: a config for a layer, rolled out in waves.
public struct ConfigPushCommand: Sendable {
  private let aggregator: AggregatorOptions
  private let path: String
  private let selector: String
  private let message: String
  private let plan: RolloutPlan
  private let isDetached: Bool
  private let isDryRun: Bool
  private let output: OutputFormat

  /// Will push the file at `path` (`-`: standard input) to a selector. `isDetached`: without following the
  /// rollout; `isDryRun`: checks, and changes nothing.
  public init(
    aggregator: AggregatorOptions, path: String, selector: String, message: String, plan: RolloutPlan,
    isDetached: Bool, isDryRun: Bool, output: OutputFormat
  ) {
    self.aggregator = aggregator
    self.path = path
    self.selector = selector
    self.message = message
    self.plan = plan
    self.isDetached = isDetached
    self.isDryRun = isDryRun
    self.output = output
  }

  /// Pushes, and follows the rollout to its end. Fails when it was taken back.
  public func run() async throws {
    let file = try ConfigFile(reading: path)
    let request = PushConfigRequest(
      selector: selector, yaml: file.text, file: file.name, author: Author.current, message: message,
      plan: plan, dryRun: isDryRun)
    let rollout = try await aggregator.ask(MusterService.pushConfig, request)
    if isDryRun {
      try show(rollout, "\(file.name.printable) is well; " + Self.outlook(rollout))
    } else if isDetached {
      try show(rollout, RolloutText.title(rollout) + "\nwatch it: muster config watch \(rollout.id)")
    } else {
      try await RolloutFollower(aggregator: aggregator, output: output).follow(rollout.id, from: rollout)
    }
  }

  private func show(_ rollout: Rollout, _ text: String) throws {
    switch output {
    case .json: StandardOutput.write(try JSONOutput.line(RolloutDocument(rollout)))
    case .table: StandardOutput.write(text + "\n")
    }
  }

  /// `it would go to 1000 hosts of role=web, in waves of 1, 50, 250, 1000`
  static func outlook(_ rollout: Rollout) -> String {
    let hosts = Units.counted(Int(rollout.waveHosts.last ?? 0), "host")
    let waves = rollout.waveHosts.map(String.init).joined(separator: ", ")
    let text = "it would go to \(hosts) of \(SelectorText.name(rollout.selector))"
    return rollout.waveHosts.count > 1 ? text + ", in waves up to \(waves)" : text
  }
}
