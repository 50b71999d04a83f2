import Glibc
public import Logging
public import Settings
public import StructuredLog

/// What the command line says. Flags win over the file.
public struct SettingsOverrides: Sendable {
  /// `--config`; `nil`: the default file, if it is there.
  public var configFile: String?
  /// `--listen`
  public private(set) var listen: HostPort?
  /// `--state-directory`
  public var stateDirectory: String?
  /// `--log-format`
  public private(set) var logFormat: LogFormat?
  /// `--log-level`
  public private(set) var logLevel: Logger.Level?
  /// `--insecure`
  public var insecure = false

  /// No flags at all.
  public init() {}

  /// Reads `--listen`.
  public mutating func setListen(_ text: String) throws(InvalidValue) {
    listen = try flag("--listen") { () throws(InvalidValue) in
      try HostPort(parsing: text, defaultPort: AggregatorSettings.defaultPort, ports: 0...65535)
    }
  }

  /// Reads `--log-format`.
  public mutating func setLogFormat(_ text: String) throws(InvalidValue) {
    logFormat = try flag("--log-format") { () throws(InvalidValue) in
      try SettingValue.choice(text, of: LogFormat.self)
    }
  }

  /// Reads `--log-level`.
  public mutating func setLogLevel(_ text: String) throws(InvalidValue) {
    logLevel = try flag("--log-level") { () throws(InvalidValue) in
      try SettingValue.choice(text, of: Logger.Level.self)
    }
  }

  private func flag<Value>(
    _ name: String, _ read: () throws(InvalidValue) -> Value
  ) throws(InvalidValue) -> Value {
    do { return try read() } catch { throw InvalidValue("\(name): \(error)") }
  }
}

extension AggregatorSettings {
  /// The settings for a command line: defaults, then the file, then the flags; checked.
  ///
  /// - Throws: the first thing that is wrong, with its place in the file if it has one there.
  public static func load(_ overrides: SettingsOverrides) throws(SettingsError) -> AggregatorSettings {
    let file = overrides.configFile ?? defaultFile
    // Only the default file may be missing.
    let isRead = overrides.configFile != nil || access(file, F_OK) == 0
    let document = isRead ? try SettingsDocument(file: file) : nil
    var settings = AggregatorSettings()
    if let document { settings = try AggregatorSettings(document) }
    settings.apply(overrides)
    do throws(InvalidAggregatorSetting) {
      try settings.validate()
    } catch {
      guard let root = document?.root, overrides.listen == nil else {
        throw SettingsError(file: "command line", key: error.key, message: error.message)
      }
      throw root.error(at: error.key, error.message)
    }
    return settings
  }

  mutating func apply(_ overrides: SettingsOverrides) {
    if let listen = overrides.listen { self.listen = listen }
    if let directory = overrides.stateDirectory { stateDirectory = directory }
    if let format = overrides.logFormat { log.format = format }
    if let level = overrides.logLevel { log.level = level }
    if overrides.insecure { insecure = true }
  }
}
