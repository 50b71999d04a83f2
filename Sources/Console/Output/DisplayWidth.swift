/// Text on a terminal's grid: what comes from the fleet is made harmless and cut to its column.
extension String {
  /// How many columns the text takes. Names in a fleet are mostly ASCII; wide East Asian
  /// characters and emoji count two, combining ones none.
  var displayWidth: Int {
    if utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return utf8.count }
    return reduce(0) { $0 + $1.displayWidth }
  }

  /// The text without control characters, so that a label from a host cannot move the cursor or
  /// speak to the terminal.
  var printable: String {
    guard unicodeScalars.contains(where: \.isControl) else { return self }
    var text = ""
    for scalar in unicodeScalars { text.unicodeScalars.append(scalar.isControl ? "\u{FFFD}" : scalar) }
    return text
  }

  /// The text in exactly `width` columns: padded, or cut with `…` at the end.
  func fitted(to width: Int, alignment: Alignment = .left) -> String {
    guard width > 0 else { return "" }
    var text = self
    if displayWidth > width { text = prefix(columns: width - 1) + "…" }
    let padding = String(repeating: " ", count: width - text.displayWidth)
    return alignment == .left ? text + padding : padding + text
  }
}

extension String {
  /// The characters of the beginning that take at most so many columns.
  private func prefix(columns: Int) -> String {
    var room = columns
    let end = indices.first { index in
      room -= self[index].displayWidth
      return room < 0
    }
    return String(self[..<(end ?? endIndex)])
  }
}

/// Which side of its column a text keeps to.
enum Alignment: Sendable {
  case left, right
}

extension Character {
  fileprivate var displayWidth: Int {
    guard let first = unicodeScalars.first else { return 0 }
    let isCombining =
      first.properties.generalCategory == .nonspacingMark
      || first.properties.generalCategory == .enclosingMark
    if isCombining { return 0 }
    if first.properties.isEmojiPresentation { return 2 }
    switch first.value {
    // Hangul, CJK, full-width forms, CJK extensions: Unicode's East_Asian_Width W and F, in blocks.
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF,
      0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x20000...0x3FFFD:
      return 2
    default: return 1
    }
  }
}

extension Unicode.Scalar {
  // C0 and C1, and what reorders or hides text.
  fileprivate var isControl: Bool {
    value < 0x20 || (0x7F...0x9F).contains(value) || properties.isBidiControl
      || properties.generalCategory == .lineSeparator || properties.generalCategory == .paragraphSeparator
  }
}
