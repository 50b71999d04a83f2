import GRPC
package import Settings

// The file is YAML, like the identity: an administrator can see what a host runs by, and damage is told with
// its line.
extension ConfigRecord {
  /// Version of the file's layout.
  private static let layout = 1

  /// The file's text.
  var text: String {
    var lines = [
      "# Written by muster-collector: the configuration that the aggregator gave this host.",
      "layout: \(Self.layout)",
    ]
    if let good {
      lines += [
        "good:", "  sha256: \"\(Hexadecimal.text(good.sha256))\"", "  version: \"\(good.version)\"",
        "  config: \"\(Hexadecimal.text(good.packed))\"",
      ]
    }
    if let trial {
      lines += [
        "trial:", "  sha256: \"\(Hexadecimal.text(trial.sha256))\"", "  version: \"\(trial.version)\"",
      ]
    }
    lines += Self.lines("failed", failed) + Self.lines("proven", proven)
    if !undecided.isEmpty {
      lines.append("undecided:")
      lines += undecided.map { "  \"\(Hexadecimal.text($0.sha256))\": \"\($0.count)\"" }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func lines(_ key: String, _ hashes: [[UInt8]]) -> [String] {
    hashes.isEmpty ? [] : ["\(key):"] + hashes.map { "  - \"\(Hexadecimal.text($0))\"" }
  }

  /// Reads the file.
  ///
  /// - Throws: the first thing that is not as it was written.
  package init(_ root: SettingsSection) throws(SettingsError) {
    guard try root.integer("layout", in: 1...Self.layout) != nil else {
      throw root.error(at: "layout", "is missing")
    }
    self.init()
    if let section = try root.section("good") { good = try Self.config(section) }
    if let section = try root.section("trial") {
      trial = ConfigName(sha256: try Self.hash(section), version: try Self.version(section))
    }
    failed = try Self.hashes(root, "failed", maximumCount: Self.maximumFailed)
    proven = try Self.hashes(root, "proven", maximumCount: Self.maximumProven)
    for (hash, count) in try root.stringMap("undecided", maximumCount: Self.maximumUndecided) ?? [] {
      guard let count = Int(count), count > 0 else {
        throw root.error(at: "undecided", "expected a count")
      }
      undecided.append(Undecided(sha256: try Self.hash(hash, root, "undecided"), count: count))
    }
    try root.rejectUnknownKeys()
  }

  private static func config(_ section: SettingsSection) throws(SettingsError) -> StoredConfig {
    guard let text = try section.string("config", maximumBytes: 2 * maximumConfigBytes),
      let packed = Hexadecimal.bytes(text)
    else { throw section.error(at: "config", "expected hexadecimal digits") }
    let config = StoredConfig(
      sha256: try hash(section), version: try version(section), packed: packed)
    guard SHA256.digest(of: packed) == config.sha256 else {
      throw section.error(at: "config", "is not what sha256 says")
    }
    return config
  }

  private static func version(_ section: SettingsSection) throws(SettingsError) -> UInt64 {
    guard let text = try section.string("version"), let version = UInt64(text) else {
      throw section.error(at: "version", "expected a whole number")
    }
    return version
  }

  private static func hash(_ section: SettingsSection) throws(SettingsError) -> [UInt8] {
    try hash(try section.string("sha256") ?? "", section, "sha256")
  }

  private static func hashes(
    _ root: SettingsSection, _ key: String, maximumCount: Int
  ) throws(SettingsError) -> [[UInt8]] {
    var hashes: [[UInt8]] = []
    for text in try root.stringList(key, maximumCount: maximumCount) ?? [] {
      hashes.append(try hash(text, root, key))
    }
    return hashes
  }

  private static func hash(
    _ text: String, _ section: SettingsSection, _ key: String
  ) throws(SettingsError) -> [UInt8] {
    guard let bytes = Hexadecimal.bytes(text), bytes.count == SHA256.digestBytes else {
      throw section.error(at: key, "expected 64 hexadecimal digits")
    }
    return bytes
  }
}
