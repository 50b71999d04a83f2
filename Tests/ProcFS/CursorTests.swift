import Testing

@testable import ProcFS

@Suite struct CursorTests {
  @Test(arguments: [
    ("0", 0), ("7\n", 7), ("  42 x", 42), ("\t9\r\n", 9), ("000123", 123),
    ("999999999999999999", 999_999_999_999_999_999), ("9223372036854775807", Int64.max),
    ("9223372036854775808", .max), ("18446744073709551615", .max), ("99999999999999999999999999", .max),
    ("000000000000000000000000000000000000012", 12),
  ])
  func number(_ text: String, _ expected: Int64) {
    #expect(
      Array(text.utf8).withUnsafeBytes { bytes in
        var cursor = Cursor(bytes)
        return cursor.number()
      } == expected)
  }

  @Test(arguments: ["", " ", "\n5", "x", "12x", "-1", "1.5", "1,2", "\u{0}"])
  func noNumber(_ text: String) {
    #expect(
      Array(text.utf8).withUnsafeBytes { bytes in
        var cursor = Cursor(bytes)
        return cursor.number()
      } == nil)
  }

  @Test(
    arguments: [
      ("0.36", 36), ("0.3", 30), ("5", 500), ("128.50 ", 12850), ("1.999", 199), ("0.00", 0),
      ("1.999999999999999999999999999999", 199), ("92233720368547758.07", .max),
      ("92233720368547758.08", .max), ("99999999999999999999", .max),
    ] as [(String, Int64)])
  func hundredths(_ text: String, _ expected: Int64) {
    #expect(
      Array(text.utf8).withUnsafeBytes { bytes in
        var cursor = Cursor(bytes)
        return cursor.hundredths()
      } == expected)
  }

  @Test(arguments: ["", ".5", "1.", "1.x", "1.5.2", "a"])
  func noHundredths(_ text: String) {
    #expect(
      Array(text.utf8).withUnsafeBytes { bytes in
        var cursor = Cursor(bytes)
        return cursor.hundredths()
      } == nil)
  }
}
