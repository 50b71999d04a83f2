public import Logging
public import Settings
public import StructuredLog

/// The command line. Flags say what the file says, and win over it.
public struct Arguments: Sendable {
  /// What the program is to do.
  public enum Mode: Sendable {
    case run, once, selfCheck, listMetrics, checkConfig, version, help
  }

  /// What the program is to do.
  public var mode = Mode.run
  /// `--config`; nil: the default file, if it is there.
  public var configFile: String?
  /// `--aggregator`
  public var aggregator: HostPort?
  /// `--interval`
  public var interval: Duration?
  /// `--instance`
  public var instance: String?
  /// `--state-directory`
  public var stateDirectory: String?
  /// `--root`
  public var root: String?
  /// `--log-format`
  public var logFormat: LogFormat?
  /// `--log-level`
  public var logLevel: Logger.Level?
  /// `--insecure`
  public var insecure = false

  /// No flags at all.
  public init() {}

  /// Reads the arguments after the program's name.
  ///
  /// - Throws: one sentence about the first that is not understood.
  public init(parsing words: [String]) throws(InvalidValue) {
    var rest = words[...]
    var seen: Set<String> = []
    while let word = rest.popFirst() {
      let (name, inlineValue) = Self.split(word)
      guard let flag = Flag.all.first(where: { $0.names.contains(name) }) else {
        throw Self.unknown(name)
      }
      guard seen.insert(flag.name).inserted else { throw InvalidValue("\(flag.name) is given twice") }
      try apply(flag, name: name, inlineValue: inlineValue, rest: &rest)
    }
  }

  private mutating func apply(
    _ flag: Flag, name: String, inlineValue: String?, rest: inout ArraySlice<String>
  ) throws(InvalidValue) {
    switch flag.effect {
    case .mode(let mode):
      guard inlineValue == nil else { throw InvalidValue("\(name) takes no value") }
      // Help is what someone wants who also typed something else.
      if self.mode != .help { self.mode = mode }
    case .set(let set):
      guard inlineValue == nil else { throw InvalidValue("\(name) takes no value") }
      set(&self)
    case .value(let placeholder, let set):
      guard let value = inlineValue ?? rest.popFirst(), !value.isEmpty else {
        throw InvalidValue("\(name) needs a value: \(name) \(placeholder)")
      }
      do { try set(&self, value) } catch { throw InvalidValue("\(name): \(error)") }
    }
  }

  /// `--name=value` in two.
  private static func split(_ word: String) -> (name: String, value: String?) {
    guard word.hasPrefix("--"), let sign = word.firstIndex(of: "=") else { return (word, nil) }
    return (String(word[..<sign]), String(word[word.index(after: sign)...]))
  }

  private static func unknown(_ name: String) -> InvalidValue {
    guard name.hasPrefix("-") else {
      return InvalidValue("\(name) is not a flag; muster-collector takes flags only")
    }
    guard let nearest = NearestWord.find(name, among: Flag.all.flatMap(\.names)) else {
      return InvalidValue("\(name) is not a known flag")
    }
    return InvalidValue("\(name) is not a known flag; did you mean \(nearest)?")
  }
}
