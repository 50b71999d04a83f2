public import ArgumentParser
public import Console

/// Which hosts a command is for. They must be named: see `SelectorArgument`.
struct TargetOptions: ParsableArguments {
  @Option(
    name: .customLong("on"),
    help: ArgumentHelp(
      "Hosts by their labels: 'env=prod,role!=db', instance=web1; '' is the whole fleet.",
      valueName: "selector"))
  var selector: String?

  @Flag(help: "The whole fleet.")
  var all = false

  func target() throws -> String {
    try SelectorArgument(selector, all: all, option: "--on").selector
  }
}

/// Which layer a config is for. It must be named: see `SelectorArgument`.
struct LayerOptions: ParsableArguments {
  @Option(
    name: .customLong("to"),
    help: ArgumentHelp(
      "Hosts by their own labels: role=web, instance=web1; '' is the whole fleet.", valueName: "selector"))
  var selector: String?

  @Flag(help: "The whole fleet.")
  var all = false

  func target() throws -> String {
    try SelectorArgument(selector, all: all, option: "--to").selector
  }
}

/// Why something is done.
struct ReasonOptions: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: "Why, for the audit log. Who is MUSTER_AUTHOR, else user@host.")
  var message = ""
}

extension DurationArgument: ExpressibleByArgument {
  /// A time span as it is typed.
  public init?(argument: String) {
    self.init(argument)
  }

  /// As the help shows it.
  public var defaultValueDescription: String { text }
}

extension GateArgument: ExpressibleByArgument {
  /// A gate as it is typed.
  public init?(argument: String) {
    self.init(argument)
  }
}
