import Testing

@testable import Console

@Suite struct KeyDecoderTests {
  static let cases: [(String, [Key])] = [
    ("q", [.character("q")]), ("\r", [.enter]), ("\n", [.enter]), ("\u{7F}", [.backspace]),
    ("\u{03}", [.interrupt]),
    ("\u{1B}[A", [.up]), ("\u{1B}OB", [.down]), ("\u{1B}[1;5C", [.right]), ("\u{1B}[5~", [.pageUp]),
    ("\u{1B}[6~", [.pageDown]),
    ("\u{1B}[H", [.home]), ("\u{1B}[4~", [.end]), ("ä", [.character("ä")]), ("日", [.character("日")]),
    ("jk", [.character("j"), .character("k")]), ("\u{1B}[200~", []), ("\u{01}", []),
    ("a\u{1B}[Bb", [.character("a"), .down, .character("b")]),
  ]

  @Test(arguments: cases) func wholeAndByteByByte(text: String, keys: [Key]) {
    var whole = KeyDecoder()
    #expect(whole.decode(text.utf8) == keys)
    var slow = KeyDecoder()
    #expect(text.utf8.flatMap { slow.decode([$0]) } == keys)
    #expect(!slow.isWaiting)
  }

  @Test func aLoneEscapeIsKnownWhenNothingFollows() {
    var decoder = KeyDecoder()
    #expect(decoder.decode([0x1B]) == [])
    #expect(decoder.isWaiting)
    #expect(decoder.flush() == [.escape])
    #expect(!decoder.isWaiting)
  }

  @Test func noiseIsBounded() {
    var decoder = KeyDecoder()
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<20_000 {
      _ = decoder.decode([UInt8.random(in: 0...255, using: &generator)])
    }
    _ = decoder.decode([0x1B, 0x5B] + [UInt8](repeating: 0x30, count: 100))
    _ = decoder.flush()
    #expect(decoder.decode("x".utf8) == [.character("x")])
  }
}
