import Aggregator
import ArgumentParser

/// The command line: what to read and what to override; everything else is `AggregatorProgram`.
@main
struct AggregatorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "muster-aggregator",
    abstract: "Takes in what Muster's collectors stream, and answers who asks how the fleet is.",
    discussion: """
      Flags win over the settings file. Every setting, with its default and its meaning: \
      collector-config/aggregator.yaml, installed as \(AggregatorSettings.defaultFile).

      EXAMPLES:
        muster-aggregator                       this machine only, on port 7600
        muster-aggregator -c aggregator.yaml    a fleet, over TLS
        muster-aggregator --state-directory .   without root: records in this folder
        muster-aggregator --check-config -c new.yaml
        muster-aggregator --listen 10.0.0.5 --insecure

      SIGTERM and SIGINT stop it in good order within seconds, a second one at once. SIGHUP reads the TLS \
      certificates anew.

      EXIT CODES: 0 stopped as asked, 64 bad flag, 69 cannot listen, 71 the kernel refused, 73 the state directory \
      cannot be used, 78 bad settings or certificates.
      """,
    version: AggregatorProgram.version)

  @Option(name: [.short, .long], help: ArgumentHelp("Settings file.", valueName: "file"))
  var config: String?

  @Option(
    help: ArgumentHelp("Where to listen, as host:port; port 0 takes any free one.", valueName: "address"))
  var listen: String?

  @Option(
    help: ArgumentHelp(
      "Where the fleet's records are kept; \(AggregatorSettings.defaultStateDirectory) by default.",
      valueName: "folder"))
  var stateDirectory: String?

  @Flag(help: "Check the settings, say what is wrong with them, and end.")
  var checkConfig = false

  @Option(help: ArgumentHelp("How log lines look: text or json.", valueName: "format"))
  var logFormat: String?

  @Option(
    help: ArgumentHelp(
      "Write log lines from this level on: trace, debug, info, notice, warning, error or critical.",
      valueName: "level"))
  var logLevel: String?

  @Flag(help: "Serve plaintext to the network: everyone there can read and forge the fleet's data.")
  var insecure = false

  func validate() throws {
    _ = try overrides()
  }

  func run() async throws {
    throw ExitCode(await AggregatorProgram.main(try overrides(), isCheck: checkConfig))
  }

  private func overrides() throws -> SettingsOverrides {
    var overrides = SettingsOverrides()
    overrides.configFile = config
    overrides.stateDirectory = stateDirectory
    overrides.insecure = insecure
    do {
      if let listen { try overrides.setListen(listen) }
      if let logFormat { try overrides.setLogFormat(logFormat) }
      if let logLevel { try overrides.setLogLevel(logLevel) }
    } catch {
      throw ValidationError("\(error)")
    }
    return overrides
  }
}
