// Documents: what an operator writes, as what a collector is sent.
//
// A document is YAML (module Settings: one document, no anchors, aliases and tags). `ConfigText` turns it into
// a `CollectorConfig` and back into lines; `ConfigLayers` puts several on top of each other. Which values are
// acceptable is `ConfigSchema`'s to say, so that both ends of the wire check against the same ranges.

public import Settings
public import Wire

/// Config documents as text.
public enum ConfigText {
  /// Reads a document; `file` is the name that errors print.
  ///
  /// The config's lists are sorted by name, whatever their order in the document.
  ///
  /// - Throws: the first thing that is wrong, with its place: not YAML, an unknown key, a value out of range,
  ///   a schema newer than ours, or a document that says nothing.
  public static func parse(_ yaml: String, file: String) throws(SettingsError) -> CollectorConfig {
    guard yaml.utf8.count <= MessageLimits.yamlBytes else {
      throw SettingsError(
        file: file, message: "is larger than \(ByteSize.text(MessageLimits.yamlBytes))")
    }
    let root = try SettingsDocument(text: yaml, file: file).root
    var config = CollectorConfig(schema: try schema(root))
    try config.readValues(root)
    try config.readLimits(root)
    try config.readSources(root)
    try config.readFilters(root)
    try config.readLabels(root)
    try root.rejectUnknownKeys()
    guard !ConfigPiece.all(of: config).isEmpty else {
      throw SettingsError(
        file: file,
        message: "says nothing; to take a layer's settings away, roll it back or push what is to hold")
    }
    return try checked(config, root)
  }

  /// What a config says, one line per value: `interval` is `5s`, `sources.diskstats` is `off`.
  public static func entries(of config: CollectorConfig) -> [(key: String, value: String)] {
    ConfigPiece.all(of: config).flatMap(\.entries)
  }

  private static func schema(_ root: SettingsSection) throws(SettingsError) -> UInt32 {
    guard let schema = try root.integer("schema", in: 1...Int(Int32.max)) else { return ConfigSchema.version }
    guard schema <= ConfigSchema.version else {
      throw root.error(
        at: "schema",
        "\(schema) is newer than what this aggregator knows, which is \(ConfigSchema.version); "
          + "upgrade it, or write the document for schema \(ConfigSchema.version)")
    }
    return UInt32(schema)
  }

  /// What only shows when values are seen together; and nothing gets past here that a collector would refuse
  /// because of the config alone.
  private static func checked(
    _ config: CollectorConfig, _ root: SettingsSection
  ) throws(SettingsError) -> CollectorConfig {
    guard let problem = config.problems().first else { return config }
    let names = problem.key.split(separator: ".", maxSplits: 2).map(String.init)
    if names.count > 1, let section = try root.section(names[0]) {
      throw section.error(at: names[1], problem.message)
    }
    throw root.error(at: problem.key, problem.message)
  }
}
