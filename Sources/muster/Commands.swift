import ArgumentParser
import Console

struct Top: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "The fleet live; enter opens a host, ? tells the keys.")

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var hosts: SelectorOptions

  @Option(help: ArgumentHelp("Milliseconds between two updates, 100 to 60000.", valueName: "ms"))
  var interval: UInt32 = 1000

  func validate() throws {
    guard (100...60_000).contains(interval) else {
      throw ValidationError("--interval is 100 to 60000 milliseconds")
    }
  }

  func run() async throws {
    try await TopCommand(
      aggregator: connection.options(), selector: hosts.selector, intervalMilliseconds: interval
    ).run()
  }
}

struct Latest: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "The latest values of a host.",
    discussion: "Example: muster latest web1 'node_memory_*'")

  @Argument(help: "The host's name, its id, or a selector with = in it.")
  var host: String

  @Argument(help: "Metric names; * stands for anything.")
  var pattern = "*"

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var format: OutputOptions

  func run() async throws {
    try await LatestCommand(
      aggregator: connection.options(), selector: HostArgument(host).selector, pattern: pattern,
      output: format.output
    ).run()
  }
}

struct Tail: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Follow samples as they arrive, until Ctrl-C.",
    discussion: "Example: muster tail 'node_load*' --on env=prod --history 60")

  @Argument(help: "Metric names; * stands for anything.")
  var pattern = "*"

  @OptionGroup var hosts: SelectorOptions

  @Option(
    help: ArgumentHelp(
      "Begin this many seconds in the past, as far as it is held; at most 3600.", valueName: "seconds"))
  var history: UInt32 = 0

  @Flag(help: "Show a value only when it has changed.")
  var changes = false

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var format: OutputOptions

  func validate() throws {
    guard history <= 3600 else { throw ValidationError("--history is at most 3600 seconds") }
  }

  func run() async throws {
    try await TailCommand(
      aggregator: connection.options(), selector: hosts.selector, pattern: pattern,
      historyMilliseconds: history * 1000, changesOnly: changes, output: format.output
    ).run()
  }
}

struct Processes: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "What uses most CPU, memory or storage: processes of the fleet, or groups of them.",
    discussion: """
      Collectors look at all processes every 15 s, and tell of those that use most: `top_processes` of each order, as \
      their configuration says. `muster run top-processes` looks now, at as many as you like.

      Examples: muster processes --on role=web --by memory
                muster processes --groups --count 5
      """)

  @OptionGroup var hosts: SelectorOptions

  @Option(help: "The most of what.")
  var by = ProcessUse.cpu

  @Flag(
    help:
      "Add up processes by command, or by unit, as `process_groups` says in the collectors' configuration.")
  var groups = false

  @Option(help: ArgumentHelp("How many lines to show.", valueName: "number"))
  var count = 20

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var format: OutputOptions

  func validate() throws {
    guard count > 0 else { throw ValidationError("--count is 1 or more") }
  }

  func run() async throws {
    try await ProcessesCommand(
      aggregator: connection.options(), selector: hosts.selector, use: by, showsGroups: groups, count: count,
      output: format.output
    ).run()
  }
}

struct Version: AsyncParsableCommand {
  static let configuration = CommandConfiguration(abstract: "This program's version and the aggregator's.")

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var format: OutputOptions

  func run() async throws {
    try await VersionCommand(aggregator: connection.options(), output: format.output).run()
  }
}

struct Completion: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print a completion script for a shell.",
    discussion: "Example: muster completion bash > /etc/bash_completion.d/muster")

  enum Shell: String, CaseIterable, ExpressibleByArgument {
    case bash, zsh, fish
  }

  @Argument(help: "Which shell.")
  var shell: Shell

  func run() {
    let script =
      switch shell {
      case .bash: Muster.completionScript(for: .bash)
      case .zsh: Muster.completionScript(for: .zsh)
      case .fish: Muster.completionScript(for: .fish)
      }
    print(script)
  }
}
