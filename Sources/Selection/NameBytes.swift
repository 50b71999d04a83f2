/// The bytes that names of labels and metrics are made of.
extension UInt8 {
  package var isDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }

  package var isLetter: Bool {
    let lower = self | 0x20
    return lower >= UInt8(ascii: "a") && lower <= UInt8(ascii: "z")
  }

  /// Of a label's name: letters, digits and `_`.
  package var isNameByte: Bool { isLetter || isDigit || self == UInt8(ascii: "_") }

  package var isLowercaseHexadecimal: Bool {
    isDigit || self >= UInt8(ascii: "a") && self <= UInt8(ascii: "f")
  }
}
