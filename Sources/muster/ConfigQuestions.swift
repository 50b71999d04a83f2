import ArgumentParser
import Console

extension Config {
  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List the layers and what each has now.")

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var format: OutputOptions

    func run() async throws {
      try await ConfigListCommand(
        aggregator: connection.options(), layer: nil, isHistory: false, limit: 0, output: format.output
      ).run()
    }
  }

  struct History: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List every version, newest first.",
      discussion: "Example: muster config history --to role=web")

    @Option(
      name: .customLong("to"),
      help: ArgumentHelp("Of this layer only; '' is the fleet's.", valueName: "selector"))
    var layer: String?

    @Option(help: ArgumentHelp("How many at most.", valueName: "number"))
    var limit: UInt32 = 100

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var format: OutputOptions

    func run() async throws {
      try await ConfigListCommand(
        aggregator: connection.options(), layer: layer, isHistory: true, limit: limit, output: format.output
      ).run()
    }
  }

  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show a version, or where each value of a host's config comes from.",
      discussion: """
        Examples:
          muster config show 12
          muster config show --host web1
        """)

    @Argument(help: "The number of a version.")
    var version: UInt64?

    @Option(help: ArgumentHelp("A host, by its name or id.", valueName: "host"))
    var host: String?

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var format: OutputOptions

    func validate() throws {
      guard (version == nil) != (host == nil) else {
        throw ValidationError("show a version, or a host with --host")
      }
    }

    func run() async throws {
      let subject = host.map { ConfigShowCommand.Subject.host($0) } ?? .version(version ?? 0)
      try await ConfigShowCommand(
        aggregator: connection.options(), subject: subject, output: format.output
      ).run()
    }
  }

  struct Diff: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show what differs between two versions, or between a file and what its layer has.",
      discussion: """
        Examples:
          muster config diff 11 12
          muster config diff web.yaml --to role=web
        """)

    @Argument(help: "A version; or a file, - is standard input.")
    var first: String

    @Argument(help: "Another version.")
    var second: String?

    @Option(
      name: .customLong("to"),
      help: ArgumentHelp("The layer that the file is for; '' is the fleet's.", valueName: "selector"))
    var layer: String?

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
      let comparison = try ConfigDiffCommand.comparison(first, second, layer: layer)
      try await ConfigDiffCommand(aggregator: connection.options(), comparison: comparison).run()
    }
  }

  struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show rollouts under way, hosts by state, and those that do not run what they are meant to.")

    @OptionGroup var hosts: SelectorOptions
    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var format: OutputOptions

    func run() async throws {
      try await ConfigStatusCommand(
        aggregator: connection.options(), selector: hosts.selector, output: format.output
      ).run()
    }
  }
}
