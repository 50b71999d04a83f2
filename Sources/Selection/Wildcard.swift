/// A text in which `*` stands for any run of characters, the empty one too. Everything else stands for itself.
struct Wildcard: Hashable, Sendable {
  let text: String
  private let pattern: [UInt8]

  init(_ text: String) {
    self.text = text
    self.pattern = Array(text.utf8)
  }

  /// Whether the whole of `candidate` matches. At most pattern × candidate steps: both are bounded by their readers.
  func matches(_ candidate: String) -> Bool {
    var candidate = candidate
    return candidate.withUTF8 { matches(bytes: $0) }
  }

  /// Walks both from the left; on a mismatch the last `*` swallows one byte more.
  private func matches(bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    var byte = 0
    var position = 0
    var star: (position: Int, byte: Int)?
    while byte < bytes.count {
      if position < pattern.count, pattern[position] == UInt8(ascii: "*") {
        star = (position, byte)
        position += 1
      } else if position < pattern.count, pattern[position] == bytes[byte] {
        position += 1
        byte += 1
      } else if let last = star {
        star = (last.position, last.byte + 1)
        position = last.position + 1
        byte = last.byte + 1
      } else {
        return false
      }
    }
    return pattern[position...].allSatisfy { $0 == UInt8(ascii: "*") }
  }
}
