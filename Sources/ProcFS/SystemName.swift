internal import Glibc

/// What the system calls itself, of `uname(2)`.
///
/// The text is kept as the kernel hands it out, so that asking again costs no allocation and comparing is one
/// `memcmp`.
public struct SystemName: Sendable {
  /// The parts, each in a field of 65 bytes, in the order of `struct utsname`.
  public enum Part: Int, CaseIterable, Sendable {
    /// `Linux`; the host's name; the kernel's release and version; the hardware; the NIS domain.
    case system, node, release, version, machine, domain
  }

  private static let fieldBytes = 65
  private var fields: [UInt8]

  /// A name of known parts, for where there is no system to ask; a part has 64 bytes at most.
  public init(_ parts: [Part: String] = [:]) {
    fields = Array(repeating: 0, count: Self.fieldBytes * Part.allCases.count)
    for (part, text) in parts {
      for (index, byte) in text.utf8.prefix(Self.fieldBytes - 1).enumerated() {
        fields[part.rawValue * Self.fieldBytes + index] = byte
      }
    }
  }

  /// Asks the kernel. True if the answer is another one than before.
  public mutating func refresh() -> Bool {
    var answer = utsname()
    guard uname(&answer) == 0 else { return false }
    return withUnsafeBytes(of: &answer) { answer in
      let count = min(answer.count, fields.count)
      return fields.withUnsafeMutableBytes { fields in
        guard let source = answer.baseAddress, let target = fields.baseAddress,
          memcmp(target, source, count) != 0
        else { return false }
        memcpy(target, source, count)
        return true
      }
    }
  }

  /// A part, as a string.
  public subscript(part: Part) -> String {
    let first = part.rawValue * Self.fieldBytes
    return String(decoding: fields[first..<first + Self.fieldBytes].prefix { $0 != 0 }, as: UTF8.self)
  }
}
