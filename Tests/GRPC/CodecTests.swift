import Testing

@testable import GRPC

@Suite struct CodecTests {
  @Test(arguments: [
    (Duration.nanoseconds(1), "1n"), (.nanoseconds(99_999_999), "99999999n"), (.milliseconds(100), "100000u"),
    (.nanoseconds(100_000_001), "100001u"), (.seconds(1), "1000000u"), (.seconds(99), "99000000u"),
    (.seconds(100), "100000m"), (.seconds(100_000), "100000S"), (.seconds(100_000_000), "1666667M"),
    (.seconds(6_000_000_000), "1666667H"), (.zero, "1n"), (.seconds(-5), "1n"),
    (.seconds(Int64.max), "2562048H"),
  ])
  func timeoutIsWritten(_ duration: Duration, _ text: String) {
    #expect(Timeout.format(duration) == text)
  }

  @Test(arguments: [
    ("1n", Duration.nanoseconds(1)), ("2u", .microseconds(2)), ("3m", .milliseconds(3)), ("4S", .seconds(4)),
    ("5M", .seconds(300)), ("6H", .seconds(21_600)), ("00000001S", .seconds(1)), ("0S", .zero),
    ("99999999H", .nanoseconds(Int64.max)), ("", nil), ("S", nil), ("1", nil), ("1s", nil),
    ("123456789n", nil),
    ("-1S", nil), ("+1S", nil), ("1.0S", nil), (" 1S", nil),
  ])
  func timeoutIsRead(_ text: String, _ duration: Duration?) {
    #expect(Timeout.parse(text) == duration)
  }

  @Test(arguments: [
    ("", ""), ("plain text, with: signs!", "plain text, with: signs!"), ("100%", "100%25"),
    ("Grüße\n", "Gr%C3%BC%C3%9Fe%0A"), (" x ", "%20x%20"), ("\u{7f}", "%7F"),
  ])
  func message(_ message: String, _ text: String) {
    #expect(StatusMessage.encode(message) == text)
    #expect(StatusMessage.decode(text) == message)
  }

  @Test(arguments: [
    ("%", "%"), ("%4", "%4"), ("%zz", "%zz"), ("a%41%", "aA%"), ("%c3%bc", "ü"), ("%FF", "\u{fffd}"),
  ])
  func damagedMessage(_ text: String, _ message: String) {
    #expect(StatusMessage.decode(text) == message)
  }

  @Test func longMessageIsCutBetweenCharacters() {
    let text = StatusMessage.encode(String(repeating: "ü", count: 1000) + "x")
    #expect(StatusMessage.decode(text) == String(repeating: "ü", count: 512))
    #expect(
      StatusMessage.decode(StatusMessage.encode("x" + String(repeating: "ü", count: 1000))).utf8.count == 1023
    )
  }

  @Test(arguments: [
    ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("fooba", "Zm9vYmE"),
    ("foobar", "Zm9vYmFy"),
  ])
  func base64(_ bytes: String, _ text: String) {
    #expect(Base64.encode(bytes.utf8) == text)
    #expect(Base64.decode(text.utf8) == Array(bytes.utf8))
    let padded = text + String(repeating: "=", count: (4 - text.count % 4) % 4)
    #expect(Base64.decode(padded.utf8) == Array(bytes.utf8))
  }

  @Test(arguments: ["Z", "Zg=", "Zg===", "Z===", "Zm9vY", "Zm9!", "Z=g=", "Zm9v=", "====", "Zm 9"])
  func brokenBase64(_ text: String) {
    #expect(Base64.decode(text.utf8) == nil)
  }

  @Test func base64OfAllBytes() {
    var random = SplitMix(5)
    for length in 0..<200 {
      let bytes = (0..<length).map { _ in UInt8(truncatingIfNeeded: random.next()) }
      #expect(Base64.decode(Base64.encode(bytes).utf8) == bytes)
    }
  }

  @Test func instantsSaturate() {
    #expect(Instant.distantFuture + .seconds(1) == .distantFuture)
    #expect(Instant(nanoseconds: .min) - .seconds(1) == Instant(nanoseconds: .min))
    #expect(Instant(nanoseconds: 5) + .seconds(Int64.max) == .distantFuture)
    #expect(Instant(nanoseconds: 5) - Instant(nanoseconds: 2) == .nanoseconds(3))
    #expect(Instant(nanoseconds: .max) - Instant(nanoseconds: .min) == .nanoseconds(Int64.max))
    #expect(Instant(nanoseconds: 1) < Instant(nanoseconds: 2))
  }
}
