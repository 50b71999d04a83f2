/// One section of a settings file: the typed reads of its keys.
///
/// A read of a key that is not there gives nil, so the caller keeps its default. A key that is
/// there with a wrong value throws, with the value's place. When everything was read,
/// `rejectUnknownKeys` refuses what nobody asked for.
public struct SettingsSection {
  let file: String
  let path: String
  let mark: YAMLMark
  let entries: [YAMLEntry]
  /// Shared by copies of the section: they are all the same section of the file.
  let asked = AskedKeys()

  /// The keys that are written in this section, in the file's order.
  public var keys: [String] { entries.map(\.key) }

  /// Refuses keys that no read asked for, here and in every section that was read from here.
  ///
  /// - Parameter known: keys that are accepted although nothing read them.
  public func rejectUnknownKeys(known: [String] = []) throws(SettingsError) {
    let known = asked.names + known
    for entry in entries where !known.contains(entry.key) {
      throw SettingsError(
        file: file, line: entry.mark.line, column: entry.mark.column, key: keyPath(entry.key),
        message: Self.unknownKey(entry.key, known: known))
    }
    for section in asked.sections { try section.rejectUnknownKeys() }
  }

  /// An error at a key's value, or at the section when the key is not there.
  public func error(at key: String, _ message: String) -> SettingsError {
    let place = entries.first { $0.key == key }?.value.mark ?? mark
    return SettingsError(
      file: file, line: place.line, column: place.column, key: keyPath(key), message: message)
  }

  /// A section inside this one; nil when it is not there, or has nothing in it.
  public func section(_ key: String) throws(SettingsError) -> SettingsSection? {
    guard let value = value(key), !value.isNull else { return nil }
    guard case .mapping(let entries) = value.content else {
      throw error(at: key, "expected a section of `key: value` lines, found \(value.kindName)")
    }
    let section = SettingsSection(file: file, path: keyPath(key), mark: value.mark, entries: entries)
    asked.sections.append(section)
    return section
  }

  /// The node of a key, noting that the key is known.
  func value(_ key: String) -> YAMLTree? {
    asked.add(key)
    return entries.first { $0.key == key }?.value
  }

  func keyPath(_ key: String) -> String {
    path.isEmpty ? key : "\(path).\(key)"
  }

  private static func unknownKey(_ key: String, known: [String]) -> String {
    if let nearest = NearestWord.find(key, among: known) {
      return "is not a known key; did you mean \(nearest)?"
    }
    return "is not a known key; known here: \(known.sorted().joined(separator: ", "))"
  }
}

/// Which keys and sections of a section were asked for.
final class AskedKeys {
  private(set) var names: [String] = []
  var sections: [SettingsSection] = []

  func add(_ name: String) {
    if !names.contains(name) { names.append(name) }
  }
}
