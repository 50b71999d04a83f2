/// A selector or a metric pattern that cannot be read: which one, where, and what to write instead.
public struct SelectionError: Error, Hashable, Sendable, CustomStringConvertible {
  /// `selector` or `metric pattern`.
  public let subject: String
  /// The whole text.
  public let text: String
  /// The offending part of it.
  public let part: String
  /// Where the part begins: the first character is 1.
  public let column: Int
  /// What is wrong and what is accepted.
  public let message: String

  /// The whole text, the part, its place, and the sentence.
  public var description: String {
    "\(subject) \"\(text)\", at \"\(part)\" (character \(column)): \(message)"
  }
}
