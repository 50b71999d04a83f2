import Testing

@testable import Console

@Suite struct UnitsTests {
  @Test(arguments: [
    (0.0, "0.0%"), (0.004, "0.4%"), (0.5, "50.0%"), (0.99949, "99.9%"), (0.9996, "100%"), (1, "100%"),
    (2.5, "250%"),
    (.nan, "-"), (.infinity, "-"),
  ])
  func percent(ratio: Double, text: String) { #expect(Units.percent(ratio) == text) }

  @Test(arguments: [
    (0.0, "0B"), (999, "999B"), (1023, "1023B"), (1023.6, "1.0K"), (1024, "1.0K"), (10_189, "10K"),
    (1_048_575, "1.0M"),
    (1_572_864, "1.5M"), (34_359_738_368, "32G"), (-2048, "-2.0K"), (.nan, "-"),
  ])
  func bytes(count: Double, text: String) { #expect(Units.bytes(count) == text) }

  @Test(arguments: [(0.0, "0"), (950, "950"), (1234, "1.2k"), (99_500, "100k"), (999_999, "1.0M")])
  func counts(number: Double, text: String) { #expect(Units.count(number) == text) }

  @Test(arguments: [
    (Int64(0), "0us"), (999, "999us"), (120_000, "120ms"), (4_200_000, "4.2s"), (59_999_999, "59s"),
    (190_000_000, "3m10s"),
    (7_500_000_000, "2h5m"), (273_600_000_000, "3d4h"), (-1_500_000, "-1.5s"), (.min, "-106751991d4h"),
  ])
  func durations(microseconds: Int64, text: String) {
    #expect(Units.duration(microseconds: microseconds) == text)
  }

  @Test(arguments: [
    (1.125, 2, "1.13"), (0.04, 1, "0.0"), (-0.04, 1, "0.0"), (-1.25, 1, "-1.3"), (7, 0, "7"), (.nan, 2, "-"),
  ])
  func fixed(number: Double, decimals: Int, text: String) {
    #expect(Units.fixed(number, decimals) == text)
  }
}

@Suite struct DisplayWidthTests {
  @Test(arguments: [("abc", 3), ("", 0), ("日本", 4), ("e\u{301}", 1), ("🚀x", 3)])
  func width(text: String, columns: Int) { #expect(text.displayWidth == columns) }

  @Test func fittingIsExact() {
    #expect("web1".fitted(to: 6) == "web1  ")
    #expect("web1".fitted(to: 6, alignment: .right) == "  web1")
    #expect("web-with-a-long-name".fitted(to: 8) == "web-wit…")
    // A wide character that does not fit leaves a blank, never a half.
    #expect("日本語".fitted(to: 4).displayWidth == 4)
    #expect("x".fitted(to: 0) == "")
  }

  @Test func aLabelCannotSpeakToTheTerminal() {
    #expect("a\u{1B}[2Jb\nc\u{202E}".printable == "a\u{FFFD}[2Jb\u{FFFD}c\u{FFFD}")
    #expect("plain".printable == "plain")
  }
}

@Suite struct SparklineTests {
  @Test func newestIsAtTheRight() {
    #expect(Sparkline.draw([0, 0.5, 1], maximum: 1, width: 5) == "  ▁▅█")
    #expect(Sparkline.draw([0.1, 0, 0.5, 1], maximum: 1, width: 2) == "▅█")
    #expect(Sparkline.draw([0, .nan, 2], maximum: 1, width: 3, unicode: false) == ". #")
    #expect(Sparkline.draw([1], maximum: 0, width: 1) == " ")
  }
}

@Suite struct TextTableTests {
  @Test func columnsAreAsWideAsTheirCells() {
    var table = TextTable([.init("HOST"), .init("CPU", .right)])
    table.add(["web1", "3.0%"])
    table.add(["a-longer-name", "100%"])
    #expect(
      table.text(style: Style(isEnabled: false)) == """
        HOST            CPU
        web1           3.0%
        a-longer-name  100%

        """)
  }
}
