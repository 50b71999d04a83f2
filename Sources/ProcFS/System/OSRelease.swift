/// `os-release`: what the distribution calls itself. See os-release(5).
///
///     NAME="Debian GNU/Linux"
///     VERSION_ID=12
///
/// Lines are assignments as a shell reads them: a value is bare, or quoted by `'` or `"`; a backslash takes the
/// meaning from the character behind it, save within `'`. Lines of `#` and empty ones are comments.
public struct OSRelease: Hashable, Sendable {
  /// Where the file is, relative to a ``ProcRoot``; the first one that is there counts.
  public static let paths = ["etc/os-release", "usr/lib/os-release"]

  /// More assignments than this are an error.
  public static let maximumValues = 256

  private var values: [String: String] = [:]

  /// What `text` says; of a name that comes twice, the later value. `path` is for errors.
  public init(_ text: UnsafeRawBufferPointer, path: String) throws(KernelError) {
    let lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (index, bytes) in lines.enumerated() {
      let line = String(decoding: bytes, as: UTF8.self).trimmed
      if line.isEmpty || line.first == "#" { continue }
      guard let equals = line.firstIndex(of: "="), let value = line[line.index(after: equals)...].unquoted
      else {
        throw .malformed(file: path, line: index + 1, reason: "NAME=value is expected, quotes in pairs")
      }
      values[String(line[..<equals])] = value
      guard values.count <= Self.maximumValues else {
        throw .malformed(file: path, line: index + 1, reason: "more than \(Self.maximumValues) values")
      }
    }
  }

  /// A value, empty if there is none.
  public subscript(name: String) -> String { values[name] ?? "" }

  /// The first two numbers of `VERSION_ID`: 22.04, 12; nil if it does not start with a number.
  public var version: Double? {
    let parts = self["VERSION_ID"].split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    let digits = parts.map { $0.prefix { $0.isASCII && $0.isNumber } }
    guard let major = digits.first, !major.isEmpty else { return nil }
    let minor = parts[0].count == major.count && digits.count > 1 ? digits[1] : ""
    return Double(minor.isEmpty ? String(major) : "\(major).\(minor)")
  }
}

extension StringProtocol {
  /// Without blanks around it.
  fileprivate var trimmed: String {
    let blanks: Set<Character> = [" ", "\t", "\r"]
    var text = self[...]
    while let first = text.first, blanks.contains(first) { text.removeFirst() }
    while let last = text.last, blanks.contains(last) { text.removeLast() }
    return String(text)
  }

  /// As a shell reads it; nil if a quote has no end.
  fileprivate var unquoted: String? {
    var result = ""
    var quote: Character?
    var isEscaped = false
    for character in self {
      if isEscaped {
        result.append(character)
        isEscaped = false
      } else if character == "\\", quote != "'" {
        isEscaped = true
      } else if character == quote {
        quote = nil
      } else if quote == nil, character == "\"" || character == "'" {
        quote = character
      } else {
        result.append(character)
      }
    }
    return quote == nil && !isEscaped ? result : nil
  }
}
