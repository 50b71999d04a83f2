// Settings: YAML files to plain, checked values.
//
// libyaml's events become a small tree in which every node knows its line and column
// (YAMLTree); a `SettingsSection` reads typed values out of one mapping of it. Sections remember
// which keys were asked for, so "unknown key" needs no second list of the known ones.
//
// The subset: one document, mappings, sequences, scalars. Anchors, aliases, tags and keys that
// are not plain text are refused: no configuration of ours needs them, and they are how a small
// file becomes a large one. Limits: `SettingsLimits`.

/// What a settings file may hold at most.
public enum SettingsLimits {
  /// Bytes of one file.
  public static let maximumFileBytes = 1 << 20
  /// Scalars, lists and sections of one file, keys included.
  public static let maximumNodes = 20_000
  /// Lists and sections inside each other.
  public static let maximumDepth = 16
  /// How much of a wrong value an error repeats, in characters.
  public static let maximumQuotedCharacters = 60
}

/// One parsed settings file.
public struct SettingsDocument {
  /// The file's name, as errors print it.
  public let file: String
  /// The document's top level; an empty file is an empty section.
  public let root: SettingsSection

  /// Reads and parses a file.
  ///
  /// - Throws: that it cannot be read, is too large, or the first thing in it that is not
  ///   acceptable YAML.
  public init(file: String) throws(SettingsError) {
    let bytes = try SettingsFile.read(file)
    try self.init(bytes: bytes, file: file)
  }

  /// Parses text that is already in memory; `file` is the name that errors print.
  public init(text: String, file: String) throws(SettingsError) {
    try self.init(bytes: Array(text.utf8), file: file)
  }

  private init(bytes: [UInt8], file: String) throws(SettingsError) {
    self.file = file
    let tree = try YAMLTree.parse(bytes, file: file)
    guard case .mapping(let entries) = tree.content else {
      throw SettingsError(
        file: file, line: tree.mark.line, column: tree.mark.column,
        message: "expected `key: value` lines, found \(tree.kindName)")
    }
    self.root = SettingsSection(file: file, path: "", mark: tree.mark, entries: entries)
  }
}
