/// A host as an operator names it: by name, by id, or by a selector.
public struct HostArgument: Sendable {
  /// The selector that means it.
  public let selector: String

  /// Anything with `=`, `!` or `,` is a selector already; 32 hexadecimal digits are a host id.
  public init(_ text: String) {
    if text.contains(where: { "=!,".contains($0) }) {
      selector = text
    } else if text.utf8.count == 32, text.allSatisfy(\.isHexDigit) {
      selector = "host_id=\(text.lowercased())"
    } else {
      selector = "instance=\(text)"
    }
  }
}
