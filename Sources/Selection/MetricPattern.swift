/// A metric name in which `*` stands for anything; the empty pattern means every metric.
public struct MetricPattern: Hashable, Sendable {
  /// The longest pattern that is read, in bytes.
  public static let maximumLength = 256

  private let wildcard: Wildcard?

  /// Reads a pattern: letters, digits, `_`, `:` and `*`.
  public init(parsing text: String) throws(SelectionError) {
    guard text.utf8.count <= Self.maximumLength else {
      throw SelectionError(
        subject: "metric pattern", text: String(text.prefix(40)) + "…", part: String(text.prefix(10)) + "…",
        column: 1, message: "a pattern has at most \(Self.maximumLength) bytes")
    }
    for (offset, character) in text.enumerated() where !Self.accepts(character) {
      throw SelectionError(
        subject: "metric pattern", text: text, part: String(character), column: offset + 1,
        message: "a metric name has letters, digits, _ and :, and * stands for anything, as in node_cpu_*")
    }
    wildcard = text.isEmpty || text == "*" ? nil : Wildcard(text)
  }

  /// Whether the pattern selects the metric `name`.
  public func matches(_ name: String) -> Bool {
    wildcard?.matches(name) ?? true
  }

  private static func accepts(_ character: Character) -> Bool {
    guard let byte = character.asciiValue else { return false }
    return byte.isNameByte || byte == UInt8(ascii: ":") || byte == UInt8(ascii: "*")
  }
}
