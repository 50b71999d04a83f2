/// The numbers of a text that is the same in each reading save for them.
///
/// What stands between two numbers is learned once, and then only compared. So a heading of 3 kB costs one
/// `memcmp`.
struct LearnedNumbers {
  /// The numbers, in the text's order.
  private(set) var values: [Int64] = []
  /// What stands before each number, one after the other, without the blanks next to it …
  private var words: [UInt8] = []
  /// … and where it ends.
  private var ends: [Int] = []
  /// Where the last number ended in the text that is being learned.
  private var learned = 0

  /// Learns that a number stands here, and steps over it; false if there is none.
  mutating func learn(_ cursor: inout Cursor, in text: UnsafeRawBufferPointer) -> Bool {
    let end = cursor.offset
    guard let value = cursor.signedNumber() else { return false }
    words.append(contentsOf: text[learned..<end])
    ends.append(words.count)
    values.append(value)
    learned = cursor.offset
    return true
  }

  /// Takes over the numbers of a text like the one that was learned; false if it is another one.
  mutating func update(from text: UnsafeRawBufferPointer) -> Bool {
    let ends = ends
    return words.withUnsafeBytes { words in
      values.withUnsafeMutableBufferPointer { values in
        var cursor = Cursor(text)
        var start = 0
        for index in values.indices {
          let word = UnsafeRawBufferPointer(rebasing: words[start..<ends[index]])
          guard cursor.skip(word), let value = cursor.signedNumber() else { return false }
          values[index] = value
          start = ends[index]
        }
        _ = cursor.skip(UInt8(ascii: "\n"))
        return cursor.isAtEnd
      }
    }
  }

  /// Forgets everything.
  mutating func removeAll() {
    self = LearnedNumbers()
  }
}
