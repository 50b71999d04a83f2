import ArgumentParser
import Console
import Wire

struct Run: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Have hosts carry out a command; one line a host, as they answer.",
    discussion: """
      Examples:
        muster run ping --all
        muster run top-processes --on role=web --by memory --count 5
        muster run set-resolution 200ms --for 2m --on instance=web1
        muster run disk-usage --on env=prod --output json | jq 'select(.outcome == "ok")'

      Ctrl-C cancels the command on the hosts. A host's own administrator may forbid commands in its local \
      settings (remote.forbid): it then answers `refused`. There is no command that runs a program.

      Exit codes: 0 every host is ok; 1 one is not; 130 cancelled.
      """,
    subcommands: [
      Ping.self, SampleNow.self, TopProcesses.self, DiskUsage.self, SetResolution.self, Recorder.self,
      Reload.self, LogLevel.self, SelfCheck.self, Diagnostics.self, Reconnect.self, Shutdown.self,
    ])
}

/// What every command to hosts has.
struct RunOptions: ParsableArguments {
  @OptionGroup var target: TargetOptions

  @Option(help: ArgumentHelp("How long a host may take.", valueName: "duration"))
  var timeout = DurationArgument(milliseconds: 30_000)

  @Option(
    help: ArgumentHelp("Two runs with one key are one run; the second shows the first.", valueName: "text"))
  var key = ""

  @OptionGroup var reason: ReasonOptions
  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var format: OutputOptions

  func validate() throws {
    guard (100...3_600_000).contains(timeout.milliseconds) else {
      throw ValidationError("--timeout is 100ms to 1h")
    }
  }

  func run(_ action: Action, saving: SaveTarget? = nil, isConfirmed: Bool = true) async throws {
    let order = RunCommand.Order(
      action: action, selector: try target.target(), timeoutMilliseconds: timeout.milliseconds,
      message: reason.message, key: key, saving: saving, isConfirmed: isConfirmed)
    try await RunCommand(aggregator: connection.options(), order: order, output: format.output).run()
  }
}

extension Run {
  struct Ping: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Answer at once.", discussion: "Example: muster run ping --all")

    @OptionGroup var options: RunOptions

    func run() async throws { try await options.run(.ping) }
  }

  struct SampleNow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Take a sample now, and show its values.",
      discussion: "Example: muster run sample-now 'node_memory_*' --on instance=web1")

    @Argument(help: "Metric names; * stands for anything.")
    var pattern = "*"

    @OptionGroup var options: RunOptions

    func run() async throws { try await options.run(.sampleNow(pattern: pattern == "*" ? "" : pattern)) }
  }

  struct TopProcesses: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show the processes that use the most. What looks like a secret is masked on the host.",
      discussion: "Example: muster run top-processes --on role=web --by io --window 5s")

    enum Order: String, CaseIterable, ExpressibleByArgument {
      case cpu, memory, io, threads

      var wire: ProcessOrder {
        switch self {
        case .cpu: .cpu
        case .memory: .memory
        case .io: .io
        case .threads: .threads
        }
      }
    }

    @Option(help: "The most of what.")
    var by = Order.cpu

    @Option(help: ArgumentHelp("How many processes, 1 to 100.", valueName: "number"))
    var count: UInt32 = 10

    @Option(help: ArgumentHelp("Rates are measured over this time, 100ms to 10s.", valueName: "duration"))
    var window = DurationArgument(milliseconds: 1_000)

    @OptionGroup var options: RunOptions

    func validate() throws {
      guard (1...100).contains(count) else { throw ValidationError("--count is 1 to 100") }
      guard (100...10_000).contains(window.milliseconds) else {
        throw ValidationError("--window is 100ms to 10s")
      }
    }

    func run() async throws {
      let action = TopProcessesAction(count: count, order: by.wire, windowMilliseconds: window.milliseconds)
      try await options.run(.topProcesses(action))
    }
  }

  struct DiskUsage: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show how full the file systems are, mount by mount.",
      discussion: "Example: muster run disk-usage --on role=db")

    @OptionGroup var options: RunOptions

    func run() async throws { try await options.run(.diskUsage) }
  }

  struct SelfCheck: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show what works on the host and what does not, and what to do about it.",
      discussion: "Example: muster run self-check --on instance=web1")

    @OptionGroup var options: RunOptions

    func run() async throws { try await options.run(.selfCheck) }
  }
}
