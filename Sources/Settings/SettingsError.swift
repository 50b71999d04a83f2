/// What is wrong with a settings file, where, and what would be accepted.
///
/// Prints as compilers do: `file:line:column: key.path: sentence`.
public struct SettingsError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file's name as it was given.
  public var file: String
  /// 1-based; 0 when the error is about the file as a whole.
  public var line: Int
  /// 1-based, counted in characters; 0 when the error is about the file as a whole.
  public var column: Int
  /// The key with the sections it is in (`tls.ca_file`); empty when no key is to blame.
  public var key: String
  /// One sentence: what is wrong, what is accepted.
  public var message: String

  /// An error at a place of a file.
  public init(file: String, line: Int = 0, column: Int = 0, key: String = "", message: String) {
    self.file = file
    self.line = line
    self.column = column
    self.key = key
    self.message = message
  }

  /// `file:line:column: key.path: sentence`, leaving out what is not known.
  public var description: String {
    let place = line > 0 ? "\(file):\(line):\(column)" : file
    return key.isEmpty ? "\(place): \(message)" : "\(place): \(key): \(message)"
  }
}
