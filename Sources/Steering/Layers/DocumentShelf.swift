import Settings
import Wire

/// All documents, and what each says.
struct DocumentShelf: Sendable {
  private(set) var documents: [UInt64: ConfigDocument] = [:]
  private var configs: [UInt64: CollectorConfig] = [:]

  init(_ documents: [UInt64: ConfigDocument]) {
    for document in documents.values { put(document, saying: Self.reread(document)) }
  }

  /// The version that the next document gets.
  var nextVersion: UInt64 { (documents.keys.max() ?? 0) + 1 }

  subscript(version: UInt64) -> ConfigDocument? { documents[version] }

  /// What a document says; an unknown one, and 0, says nothing.
  func config(_ version: UInt64) -> CollectorConfig {
    configs[version] ?? CollectorConfig(schema: ConfigSchema.version)
  }

  mutating func put(_ document: ConfigDocument, saying config: CollectorConfig) {
    documents[document.version] = document
    configs[document.version] = config
  }

  mutating func remove(_ version: UInt64) {
    documents[version] = nil
    configs[version] = nil
  }

  mutating func quarantine(_ version: UInt64, _ reason: String) {
    documents[version]?.quarantined = reason
  }

  /// A quarantined document that says exactly this.
  func quarantined(sha256: [UInt8]) -> ConfigDocument? {
    documents.values.filter { $0.sha256 == sha256 && !$0.quarantined.isEmpty }.min { $0.version < $1.version }
  }

  /// What a stored document says. It was read when it was pushed; one that a later version of this program
  /// cannot read says nothing, rather than something else.
  private static func reread(_ document: ConfigDocument) -> CollectorConfig {
    do throws(SettingsError) {
      return try ConfigText.parse(document.yaml, file: "version \(document.version)")
    } catch {
      return CollectorConfig(schema: ConfigSchema.version)
    }
  }
}
