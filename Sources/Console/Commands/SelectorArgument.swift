/// Which hosts an order is for. An order that changes something names them: the whole fleet is never
/// meant by leaving something out.
public struct SelectorArgument: Sendable {
  /// The selector; empty: the whole fleet.
  public let selector: String

  /// What was typed after `option` (`--on`, `--to`), or `--all`.
  public init(_ text: String?, all: Bool, option: String) throws(CommandFailure) {
    switch (text, all) {
    case (let text?, false): selector = text
    case (nil, true): selector = ""
    case (_?, true): throw CommandFailure(.usage, "\(option) and --all exclude each other")
    case (nil, false):
      throw CommandFailure(
        .usage,
        """
        which hosts? \(option) SELECTOR names them: \(option) 'env=prod,role!=db', \(option) instance=web1.
        The whole fleet is \(option) '' or --all.
        """)
    }
  }
}

/// A selector as it is read aloud.
enum SelectorText {
  /// The selector, or what the empty one means.
  static func name(_ selector: String) -> String {
    selector.isEmpty ? "the fleet" : selector.printable
  }

  /// The selector as a shell takes it.
  static func quoted(_ selector: String) -> String {
    let isPlain = selector.utf8.allSatisfy { byte in
      switch UInt8(byte) {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "="), UInt8(ascii: ","), UInt8(ascii: "_"),
        UInt8(ascii: "-"), UInt8(ascii: "."):
        true
      default: false
      }
    }
    if isPlain && !selector.isEmpty { return selector }
    return "'"
      + selector.printable.split(separator: "'", omittingEmptySubsequences: false)
      .joined(separator: "'\\''") + "'"
  }

  /// What to say when a selector chooses nobody.
  static func nobody(_ selector: String) -> CommandFailure {
    guard !selector.isEmpty else {
      return CommandFailure(.notFound, "there is no host yet: start muster-collector on one")
    }
    let hint =
      selector.contains(where: { "=!,".contains($0) })
      ? "`muster hosts` lists all" : "a host by its name is instance=\(selector.printable)"
    return CommandFailure(.notFound, "no host matches '\(selector.printable)'; \(hint)")
  }
}
