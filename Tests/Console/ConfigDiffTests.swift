import Testing

@testable import Console

@Suite struct ConfigDiffTests {
  @Test func aChangeWithItsSurroundings() {
    let old = "a\nb\nc\nd\ninterval: 5s\nf\ng\nh\ni\nj\n"
    let new = "a\nb\nc\nd\ninterval: 1s\nlabels: {}\nf\ng\nh\ni\nj\n"
    #expect(
      lines(old, new) == [
        "--- old", "+++ new", "@@ -2,7 +2,8 @@", " b", " c", " d", "-interval: 5s", "+interval: 1s",
        "+labels: {}", " f", " g", " h",
      ])
  }

  @Test func changesFarApartAreShownApart() {
    let old = (0..<40).map { "\($0)\n" }.joined()
    let new = old.replacing("\n2\n", with: "\ntwo\n").replacing("\n30\n", with: "\n")
    let heads = lines(old, new).filter { $0.hasPrefix("@@") }
    #expect(heads == ["@@ -1,6 +1,6 @@", "@@ -28,7 +28,6 @@"])
  }

  @Test func theSameIsNothing() {
    #expect(lines("a\nb\n", "a\nb\n").isEmpty)
    #expect(lines("", "").isEmpty)
    // A last newline more or less and the other system's newlines are no difference in YAML.
    #expect(lines("a\nb", "a\r\nb\r\n").isEmpty)
  }

  @Test func fromAndToNothing() {
    #expect(lines("", "a\nb\n") == ["--- old", "+++ new", "@@ -0,0 +1,2 @@", "+a", "+b"])
    #expect(lines("a\n", "") == ["--- old", "+++ new", "@@ -1 +0,0 @@", "-a"])
  }

  @Test(arguments: 0..<200)
  func bothTextsAreInTheDifferenceAndItIsAShortOne(seed: UInt64) {
    var random = Random(state: seed &* 0x9E37_79B9_7F4A_7C15 | 1)
    let old = (0..<random.next(below: 30)).map { _ in "\(random.next(below: 6))" }
    let new = (0..<random.next(below: 30)).map { _ in "\(random.next(below: 6))" }
    let changes = ConfigDiff(from: text(old), to: text(new)).changes
    let before = changes.compactMap { change -> String? in
      switch change {
      case .same(let line), .removed(let line): line
      case .added: nil
      }
    }
    let after = changes.compactMap { change -> String? in
      switch change {
      case .same(let line), .added(let line): line
      case .removed: nil
      }
    }
    #expect(before == old)
    #expect(after == new)
    let same = changes.count { if case .same = $0 { true } else { false } }
    #expect(same == longestCommon(old[...], new[...]))
  }

  @Test func whatIsTooMuchIsOneChange() {
    let old = (0..<3_000).map { "a\($0)\n" }.joined()
    let new = (0..<3_000).map { "b\($0)\n" }.joined()
    let changes = ConfigDiff(from: "head\n" + old + "foot\n", to: "head\n" + new + "foot\n").changes
    #expect(changes.count == 6_002)
    #expect(changes.first == .same("head") && changes.last == .same("foot"))
    #expect(changes[1] == .removed("a0") && changes[3_001] == .added("b0"))
  }

  @Test func linesAreMadeHarmless() {
    #expect(lines("a\n", "\u{1B}[2J\n").last == "+\u{FFFD}[2J")
  }

  private func lines(_ old: String, _ new: String) -> [String] {
    ConfigDiff(from: old, to: new).unified(from: "old", to: "new", style: Style(isEnabled: false))
  }

  private func text(_ lines: [String]) -> String { lines.map { $0 + "\n" }.joined() }

  /// The same by another way: row by row.
  private func longestCommon(_ a: ArraySlice<String>, _ b: ArraySlice<String>) -> Int {
    var row = [Int](repeating: 0, count: b.count + 1)
    for line in a {
      var diagonal = 0
      for (index, other) in b.enumerated() {
        let above = row[index + 1]
        row[index + 1] = line == other ? diagonal + 1 : max(above, row[index])
        diagonal = above
      }
    }
    return row[b.count]
  }

  private struct Random {
    var state: UInt64

    mutating func next(below bound: Int) -> Int {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return Int(state % UInt64(bound))
    }
  }
}
