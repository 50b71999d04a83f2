import ArgumentParser
import Console
import Wire

/// Which rollout.
struct RolloutOptions: ParsableArguments {
  @Argument(help: "The number of a rollout; not needed when there is only one under way.")
  var id: UInt64?
}

/// What it takes to take a hand in a rollout.
struct SteerOptions: ParsableArguments {
  @OptionGroup var rollout: RolloutOptions
  @OptionGroup var reason: ReasonOptions
  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var format: OutputOptions

  func steer(_ action: RolloutAction) async throws {
    try await ConfigSteerCommand(
      aggregator: connection.options(), id: rollout.id, action: action, message: reason.message,
      output: format.output
    ).run()
  }
}

extension Config {
  struct Watch: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Follow a rollout to its end. Ctrl-C leaves it to itself.",
      discussion: "Exit codes: 0 completed; 1 rolled back; 130 left to itself.")

    @OptionGroup var rollout: RolloutOptions
    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var format: OutputOptions

    func run() async throws {
      try await ConfigWatchCommand(
        aggregator: connection.options(), id: rollout.id, output: format.output
      ).run()
    }
  }

  struct Pause: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Hold a rollout: no new offers, no new wave, the soak time stands still.")

    @OptionGroup var options: SteerOptions

    func run() async throws { try await options.steer(.pause) }
  }

  struct Resume: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Go on with a rollout that is held.")

    @OptionGroup var options: SteerOptions

    func run() async throws { try await options.steer(.resume) }
  }

  struct Abort: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Stop a rollout, and take everything back.",
      discussion: "Example: muster config abort 7 --message 'wrong interval'")

    @OptionGroup var options: SteerOptions

    func run() async throws { try await options.steer(.abort) }
  }

  struct Promote: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Do not wait for the rest of the soak: begin the next wave now.")

    @OptionGroup var options: SteerOptions

    func run() async throws { try await options.steer(.promote) }
  }
}
