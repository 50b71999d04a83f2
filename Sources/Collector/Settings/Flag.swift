import Logging
import Settings
import StructuredLog

/// One flag: its names, what it does, and its line of help.
struct Flag: Sendable {
  enum Effect: Sendable {
    case mode(Arguments.Mode)
    case set(@Sendable (inout Arguments) -> Void)
    case value(String, @Sendable (inout Arguments, String) throws(InvalidValue) -> Void)
  }

  /// The first is the one that is shown.
  var names: [String]
  var effect: Effect
  var help: String

  var name: String { names[0] }

  static let all: [Flag] = sources + identity + logging + modes

  private static let sources = [
    Flag(
      names: ["--config", "-c"],
      effect: .value("FILE") { (arguments, text) throws(InvalidValue) in arguments.configFile = text },
      help: "read settings from FILE, not \(CollectorSettings.defaultFile)"),
    Flag(
      names: ["--aggregator"],
      effect: .value("HOST:PORT") { (arguments, text) throws(InvalidValue) in
        arguments.aggregator = try HostPort(parsing: text, defaultPort: CollectorSettings.defaultPort)
      }, help: "where to send samples"),
    Flag(
      names: ["--insecure"], effect: .set { $0.insecure = true },
      help: "do so without TLS, although it is another machine"),
    Flag(
      names: ["--interval"],
      effect: .value("DURATION") { (arguments, text) throws(InvalidValue) in
        arguments.interval = try SettingValue.duration(text, in: CollectorSettings.intervals)
      }, help: "sample so often, 100ms to 1m"),
    Flag(
      names: ["--root"],
      effect: .value("DIR") { (arguments, text) throws(InvalidValue) in arguments.root = text },
      help: "where the host's / is mounted, when running in a container"),
  ]

  private static let identity = [
    Flag(
      names: ["--instance"],
      effect: .value("NAME") { (arguments, text) throws(InvalidValue) in arguments.instance = text },
      help: "what this host calls itself (default: its host name)"),
    Flag(
      names: ["--state-directory"],
      effect: .value("DIR") { (arguments, text) throws(InvalidValue) in arguments.stateDirectory = text },
      help: "where this host's identity is kept"),
  ]

  private static let logging = [
    Flag(
      names: ["--log-format"],
      effect: .value("text|json") { (arguments, text) throws(InvalidValue) in
        arguments.logFormat = try SettingValue.choice(text, of: LogFormat.self)
      }, help: "how log lines on standard error look"),
    Flag(
      names: ["--log-level"],
      effect: .value("LEVEL") { (arguments, text) throws(InvalidValue) in
        arguments.logLevel = try SettingValue.choice(text, of: Logger.Level.self)
      }, help: "trace, debug, info, notice, warning, error or critical"),
  ]

  private static let modes = [
    Flag(
      names: ["--once"], effect: .mode(.once),
      help: "print one sample as Prometheus text, and end"),
    Flag(
      names: ["--self-check", "self-check"], effect: .mode(.selfCheck),
      help: "say what can be read here, and what is missing, and end"),
    Flag(
      names: ["--list-metrics"], effect: .mode(.listMetrics),
      help: "print every metric there can be, with its source, as Markdown, and end"),
    Flag(
      names: ["--check-config"], effect: .mode(.checkConfig),
      help: "say whether the settings are good, and end"),
    Flag(names: ["--version"], effect: .mode(.version), help: "print the version, and end"),
    Flag(names: ["--help", "-h"], effect: .mode(.help), help: "print this, and end"),
  ]
}
