import Glibc
import Link
import Sampling
public import Settings
import Wire

extension CollectorSettings {
  /// The settings for a command line: defaults, then the file, then the flags; checked.
  ///
  /// - Throws: the first thing that is wrong, with its place in the file if it has one there.
  public static func load(_ arguments: Arguments) throws(SettingsError) -> CollectorSettings {
    var settings = CollectorSettings()
    let file = arguments.configFile ?? defaultFile
    settings.file = file
    // Only the default file may be missing.
    let isRead = arguments.configFile != nil || access(file, F_OK) == 0
    let root = isRead ? try SettingsDocument(file: file).root : nil
    if let root { try settings.read(root) }
    settings.apply(arguments)
    do { try settings.validate() } catch { throw error.located(in: root) }
    return settings
  }

  mutating func apply(_ arguments: Arguments) {
    if let aggregator = arguments.aggregator { self.aggregator = aggregator }
    if let interval = arguments.interval { self.interval = interval }
    if let instance = arguments.instance { self.instance = instance }
    if let directory = arguments.stateDirectory { stateDirectory = directory }
    if let root = arguments.root { self.root = root }
    if let format = arguments.logFormat { logFormat = format }
    if let level = arguments.logLevel { logLevel = level }
    if arguments.insecure { insecure = true }
  }
}

/// Settings that are good each for itself but not together.
public struct InvalidCollectorSetting: Error, Hashable, Sendable {
  /// The offending key, with its section: `tls.key_file`.
  public var key: String
  /// What is wrong, what is accepted.
  public var message: String

  /// As an error of the file, at the key if it is there.
  func located(in root: SettingsSection?) -> SettingsError {
    guard let root else { return SettingsError(file: "muster-collector", key: key, message: message) }
    let names = key.split(separator: ".", maxSplits: 1).map(String.init)
    guard names.count == 2, let section = try? root.section(names[0]) else {
      return root.error(at: key, message)
    }
    return section.error(at: names[1], message)
  }
}

extension CollectorSettings {
  /// Checks what one key alone cannot show.
  public func validate() throws(InvalidCollectorSetting) {
    guard interval.isWholeMilliseconds else {
      throw InvalidCollectorSetting(key: "interval", message: "must be whole milliseconds")
    }
    for (name, source) in sources where source.interval ?? interval < interval {
      throw InvalidCollectorSetting(
        key: "sources.\(name)",
        message: "is shorter than the interval of \(DurationText.text(interval)); "
          + "a source can only be read less often")
    }
    guard instance.utf8.count <= MessageLimits.instanceBytes else {
      throw InvalidCollectorSetting(
        key: "instance", message: "is longer than \(MessageLimits.instanceBytes) bytes")
    }
    guard root.hasPrefix("/") else {
      throw InvalidCollectorSetting(key: "root", message: "must be an absolute path")
    }
    guard textfileDirectory.isEmpty || textfileDirectory.hasPrefix("/") else {
      throw InvalidCollectorSetting(key: "textfile_directory", message: "must be an absolute path")
    }
    if insecure, tls != nil {
      throw InvalidCollectorSetting(
        key: "insecure", message: "contradicts the tls section; remove one of them")
    }
    if let tls, (tls.certificateFile == nil) != (tls.keyFile == nil) {
      let missing = tls.keyFile == nil ? "key_file" : "certificate_file"
      throw InvalidCollectorSetting(
        key: "tls.\(missing)", message: "is missing; certificate_file and key_file come together")
    }
  }
}
