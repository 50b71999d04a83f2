import ArgumentParser
import Console

struct Audit: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Who did what to which hosts, when, with what result; newest first.",
    discussion: """
      Examples:
        muster audit --since 24h
        muster audit --action config --host web1
        muster audit --limit 100000 --output json > audit.jsonl
      """)

  @Option(help: ArgumentHelp("Who did it.", valueName: "name"))
  var author = ""

  @Option(
    help: ArgumentHelp("What was done, or how it begins: run, config, config.push.", valueName: "action"))
  var action = ""

  @Option(help: ArgumentHelp("A host it concerned, by its name or id.", valueName: "host"))
  var host = ""

  @Option(help: ArgumentHelp("Not longer ago: 1h, 7d.", valueName: "duration"))
  var since: DurationArgument?

  @Option(help: ArgumentHelp("How many at most, 1 to 100000.", valueName: "number"))
  var limit: UInt32 = 100

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var format: OutputOptions

  func validate() throws {
    guard (1...100_000).contains(limit) else { throw ValidationError("--limit is 1 to 100000") }
  }

  func run() async throws {
    let filter = AuditCommand.Filter(
      author: author, action: action, host: host, since: since, limit: limit)
    try await AuditCommand(
      aggregator: connection.options(), filter: filter, output: format.output
    ).run()
  }
}
