extension Cursor {
  /// Blanks, then a number that may be negative and ends where a word ends.
  @inline(__always)
  mutating func signedNumber() -> Int64? {
    skipBlanks()
    let isNegative = skip(UInt8(ascii: "-"))
    // No blanks between sign and digits.
    guard !isAtBlank, let value = number() else { return nil }
    return isNegative ? -value : value
  }

  /// Hexadecimal digits without a prefix, at least one; `Int64.max` for what is larger.
  @inline(__always)
  mutating func hexadecimalDigits() -> Int64? {
    var value: UInt64 = 0
    var isTooLarge = false
    var isEmpty = true
    while let digit = hexadecimalDigit(next) {
      isTooLarge = isTooLarge || value >> 60 != 0
      value = value << 4 | digit
      isEmpty = false
      step()
    }
    if isEmpty { return nil }
    return isTooLarge ? .max : Int64(clamping: value)
  }

  /// Blanks, then a hexadecimal number that ends where a word ends.
  @inline(__always)
  mutating func hexadecimalNumber() -> Int64? {
    skipBlanks()
    guard let value = hexadecimalDigits(), isAtLineEnd || isAtBlank else { return nil }
    return value
  }
}

extension Int64 {
  /// The sum of two that are not negative, `Int64.max` at most.
  @inline(__always)
  func saturatingAdding(_ other: Int64) -> Int64 {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? .max : sum
  }
}

@inline(__always)
private func hexadecimalDigit(_ byte: UInt8) -> UInt64? {
  switch byte {
  case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(byte &- UInt8(ascii: "0"))
  case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(byte &- UInt8(ascii: "a") &+ 10)
  case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt64(byte &- UInt8(ascii: "A") &+ 10)
  default: nil
  }
}
