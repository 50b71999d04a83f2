import ArgumentParser
import Console

struct Hosts: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the hosts: state, vitals, age of the last frame; retire and expect hosts.",
    discussion: """
      Examples:
        muster hosts                          the fleet
        muster hosts --on env=prod            a part of it
        muster hosts retire instance=web9     it will not come back: no outage
        muster hosts expect web10 web11       shown as expected until they come
      """,
    subcommands: [List.self, Retire.self, Expect.self], defaultSubcommand: List.self)

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List the hosts: state, vitals, age of the last frame.")

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var hosts: SelectorOptions
    @OptionGroup var format: OutputOptions

    func run() async throws {
      try await HostsCommand(
        aggregator: connection.options(), selector: hosts.selector, output: format.output
      ).run()
    }
  }

  struct Retire: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Take hosts out of the fleet that will not come back.",
      discussion: "Example: muster hosts retire instance=web9 --message 'sold'")

    @Argument(help: "Hosts by their labels: instance=web9, 'rack=7'.")
    var selector: String

    @Flag(help: "Take the retirement back.")
    var undo = false

    @OptionGroup var reason: ReasonOptions
    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var format: OutputOptions

    func validate() throws {
      guard !selector.isEmpty else {
        throw ValidationError("name the hosts: instance=web9; a whole fleet is not retired at once")
      }
    }

    func run() async throws {
      try await RetireCommand(
        aggregator: connection.options(), selector: selector, message: reason.message, undo: undo,
        output: format.output
      ).run()
    }
  }

  struct Expect: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Name hosts that should come: they are shown as expected until they do.",
      discussion: "Example: muster hosts expect web10 web11")

    @Argument(help: "Names of hosts, as they call themselves.")
    var names: [String]

    @Flag(help: "No longer expect them.")
    var undo = false

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var format: OutputOptions

    func run() async throws {
      try await ExpectCommand(
        aggregator: connection.options(), instances: names, undo: undo, output: format.output
      ).run()
    }
  }
}
