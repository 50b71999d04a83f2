/// The difference between two texts, line by line, as `diff -u` shows it.
///
/// The longest common subsequence by dynamic programming, over what is left when equal beginnings and ends
/// are taken away. Texts that differ in too much for that are shown as one change.
struct ConfigDiff {
  /// Cells of the table at most, 4 bytes each.
  static let cellsMaximum = 4_000_000
  /// Unchanged lines around a change.
  static let context = 3

  /// What becomes of a line.
  enum Change: Equatable {
    case same(String)
    case removed(String)
    case added(String)
  }

  /// Every line of both texts, in order.
  let changes: [Change]

  /// The way from one text to the other.
  init(from old: String, to new: String) {
    let (old, new) = (Self.lines(old), Self.lines(new))
    var start = 0
    while start < min(old.count, new.count), old[start] == new[start] { start += 1 }
    var end = 0
    while end < min(old.count, new.count) - start,
      old[old.count - 1 - end] == new[new.count - 1 - end]
    { end += 1 }
    changes =
      old[..<start].map(Change.same)
      + Self.middle(Array(old[start..<(old.count - end)]), Array(new[start..<(new.count - end)]))
      + old[(old.count - end)...].map(Change.same)
  }

  /// Whether the texts are the same.
  var isEmpty: Bool { changes.allSatisfy { if case .same = $0 { true } else { false } } }

  /// The lines of a unified diff between two names; none if the texts are the same.
  func unified(from oldName: String, to newName: String, style: Style) -> [String] {
    guard !isEmpty else { return [] }
    var lines = [style.bold("--- \(oldName)"), style.bold("+++ \(newName)")]
    for hunk in hunks {
      lines.append(style.cyan(heading(hunk)))
      for change in changes[hunk] {
        switch change {
        case .same(let line): lines.append(" " + line.printable)
        case .removed(let line): lines.append(style.red("-" + line.printable))
        case .added(let line): lines.append(style.green("+" + line.printable))
        }
      }
    }
    return lines
  }

  /// Changes that are near each other, with their surroundings.
  private var hunks: [Range<Int>] {
    var hunks: [Range<Int>] = []
    for (index, change) in changes.enumerated() {
      if case .same = change { continue }
      let range = max(0, index - Self.context)..<min(changes.count, index + Self.context + 1)
      if let last = hunks.last, last.upperBound >= range.lowerBound {
        hunks[hunks.count - 1] = last.lowerBound..<range.upperBound
      } else {
        hunks.append(range)
      }
    }
    return hunks
  }

  /// `@@ -3,7 +3,8 @@`
  private func heading(_ hunk: Range<Int>) -> String {
    func place(_ counts: (Change) -> Bool) -> String {
      let before = changes[..<hunk.lowerBound].count(where: counts)
      let inside = changes[hunk].count(where: counts)
      // An empty side is named by the line before it.
      return "\(inside == 0 ? before : before + 1)" + (inside == 1 ? "" : ",\(inside)")
    }
    let old = place { if case .added = $0 { false } else { true } }
    let new = place { if case .removed = $0 { false } else { true } }
    return "@@ -\(old) +\(new) @@"
  }

  private static func lines(_ text: String) -> [String] {
    var lines = text.replacing("\r\n", with: "\n").split(separator: "\n", omittingEmptySubsequences: false)
      .map(String.init)
    if lines.last == "" { lines.removeLast() }
    return lines
  }

  private static func middle(_ old: [String], _ new: [String]) -> [Change] {
    let width = new.count + 1
    guard !old.isEmpty, !new.isEmpty, (old.count + 1) <= cellsMaximum / width else {
      return old.map(Change.removed) + new.map(Change.added)
    }
    // common[i, j]: how many lines the rest of old from i and the rest of new from j have in common.
    var common = [Int32](repeating: 0, count: (old.count + 1) * width)
    for i in old.indices.reversed() {
      for j in new.indices.reversed() {
        common[i * width + j] =
          old[i] == new[j]
          ? common[(i + 1) * width + j + 1] + 1
          : max(common[(i + 1) * width + j], common[i * width + j + 1])
      }
    }
    var changes: [Change] = []
    var (i, j) = (0, 0)
    while i < old.count, j < new.count {
      if old[i] == new[j] {
        changes.append(.same(old[i]))
        (i, j) = (i + 1, j + 1)
      } else if common[(i + 1) * width + j] >= common[i * width + j + 1] {
        changes.append(.removed(old[i]))
        i += 1
      } else {
        changes.append(.added(new[j]))
        j += 1
      }
    }
    return changes + old[i...].map(Change.removed) + new[j...].map(Change.added)
  }
}
