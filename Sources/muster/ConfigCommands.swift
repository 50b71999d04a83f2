import ArgumentParser
import Console

struct Config: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Push configuration to hosts in waves, and see what became of it.",
    discussion: """
      A config is a YAML file. It goes to a layer, named by a selector: '' is the fleet's, then those \
      with more and more conditions, then instance=HOST. What a later layer says wins, key by key.

        interval: 5s
        sources: {diskstats: off, netdev: 10s}
        labels: {team: web}

      Examples:
        muster config plan web.yaml --to role=web      what would it do? Applies nothing
        muster config push web.yaml --to role=web      in waves, each watched before the next
        muster config status                           what is under way, who has drifted
        muster config show --host web1                 where each value comes from
        muster config rollback --to role=web           back to the version before
      """,
    subcommands: [
      Push.self, Plan.self, List.self, Show.self, Diff.self, History.self, Status.self, Watch.self,
      Pause.self, Resume.self, Abort.self, Promote.self, Rollback.self,
    ])
}

extension Config {
  struct Push: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Push a config to a layer, in waves.",
      discussion: """
        Examples:
          muster config push web.yaml --to role=web --message 'netdev every 10s'
          muster config push web.yaml --to role=web --waves 1,10%,100% --soak 5m --gate-cpu 1.5
          muster config push all.yaml --to '' --dry-run

        Each wave is offered the config, verified by frames that carry its hash, and watched for the soak \
        time before the next. A failed gate halts the rollout and takes everything back. Ctrl-C leaves the \
        rollout to itself: `muster config watch` shows it again, `muster config abort` takes it back.

        Exit codes: 0 completed; 1 rolled back; 130 left to itself.
        """)

    @Argument(help: "The YAML file; - is standard input.")
    var file: String

    @OptionGroup var layer: LayerOptions
    @OptionGroup var plan: PlanOptions

    @Flag(help: "Return at once; the rollout goes on.")
    var detach = false

    @Flag(help: "Check the file and the selector, and change nothing.")
    var dryRun = false

    @OptionGroup var reason: ReasonOptions
    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var format: OutputOptions

    func run() async throws {
      try await ConfigPushCommand(
        aggregator: connection.options(), path: file, selector: try layer.target(), message: reason.message,
        plan: plan.plan, isDetached: detach, isDryRun: dryRun, output: format.output
      ).run()
    }
  }

  struct Plan: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Ask hosts what a config would do: series, bytes, CPU, what they refuse or cannot read.",
      discussion: """
        Example: muster config plan web.yaml --to role=web

        Applies nothing. Exit codes: 0 every host answered and would take it; 1 one would not.
        """)

    @Argument(help: "The YAML file; - is standard input.")
    var file: String

    @OptionGroup var layer: LayerOptions

    @Option(help: ArgumentHelp("How long a host may take, 1s to 60s.", valueName: "duration"))
    var timeout = DurationArgument(milliseconds: 10_000)

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var format: OutputOptions

    func validate() throws {
      guard (1_000...60_000).contains(timeout.milliseconds) else {
        throw ValidationError("--timeout is 1s to 60s")
      }
    }

    func run() async throws {
      try await ConfigPlanCommand(
        aggregator: connection.options(), path: file, selector: try layer.target(),
        timeoutMilliseconds: timeout.milliseconds, output: format.output
      ).run()
    }
  }

  struct Rollback: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Go back to an earlier config of a layer.",
      discussion: """
        Examples:
          muster config rollback --to role=web
          muster config rollback --to role=web --version 11 --waves 5%,100% --soak 60s

        A rollout like any other, at once and without a soak unless asked otherwise.
        """)

    @OptionGroup var layer: LayerOptions

    @Option(
      help: ArgumentHelp("To this one; without it, to the one before the present.", valueName: "number"))
    var version: UInt64?

    @OptionGroup var plan: PlanOptions

    @Flag(help: "Return at once; the rollout goes on.")
    var detach = false

    @OptionGroup var reason: ReasonOptions
    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var format: OutputOptions

    func run() async throws {
      try await ConfigRollbackCommand(
        aggregator: connection.options(), selector: try layer.target(), version: version,
        message: reason.message, plan: plan.plan, isDetached: detach, output: format.output
      ).run()
    }
  }
}
