/// "Did you mean": the known word that a mistyped one most likely stands for.
public enum NearestWord {
  /// Words longer than this are not compared: nobody types them by accident.
  private static let maximumLength = 64

  /// The closest of `words` by insertions, deletions, replacements and swaps of neighbours; nil
  /// when none is close enough (a third of the word's length, at least one).
  public static func find(_ word: String, among words: [String]) -> String? {
    let typed = Array(word.utf8)
    guard typed.count <= maximumLength else { return nil }
    var best: (word: String, distance: Int)?
    for candidate in words where candidate.utf8.count <= maximumLength {
      let distance = distance(typed, Array(candidate.utf8))
      guard distance <= max(1, max(typed.count, candidate.utf8.count) / 3) else { continue }
      if distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    return best?.word
  }

  /// Optimal string alignment distance.
  private static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
    var beforePrevious: [Int] = []
    var previous = Array(0...b.count)
    for i in a.indices {
      var row = [i + 1]
      for j in b.indices {
        let replaced = previous[j] + (a[i] == b[j] ? 0 : 1)
        var least = min(replaced, previous[j + 1] + 1, row[j] + 1)
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
          least = min(least, beforePrevious[j - 1] + 1)
        }
        row.append(least)
      }
      (beforePrevious, previous) = (previous, row)
    }
    return previous[b.count]
  }
}
