/// Hides in command lines what looks like a secret: `mysql -u root -p*** shop`.
///
/// Nobody knows what a program takes for a password, so this errs on the side of hiding. Hidden are
///
/// - what follows a name that speaks of a secret (`SecretNames`): `--password=…`, `--token …`, `API_KEY=…`,
///   `Authorization: …`, `{"secret":"…"}`, `?access_token=…`;
/// - passwords given by a short option, by the programs that have one (`SecretOptions`): `-p…`;
/// - the password of a URL: `https://user:***@host`;
/// - words that have the shape of a key or token (`SecretShapes`): AWS, GitHub, JWT, …
///
/// An argument that has blanks, as that of `sh -c`, is looked at as a whole and then word by word.
package enum SecretMask {
  /// What stands where something was hidden.
  package static let mark = Array("***".utf8)

  /// A command line for people. Its arguments lie in `text`, separated by NULs, and are shown with blanks.
  package static func commandLine(_ text: UnsafeRawBufferPointer) -> String {
    let arguments = text.split(separator: 0, omittingEmptySubsequences: false).map { masked(Array($0)) }
    return printable(hidingValues(of: arguments))
  }

  /// The same of text that is no command line: a value of a setting, a line of a log.
  package static func text(_ text: String) -> String {
    printable(masked(Array(text.utf8)))
  }

  /// Text of which no byte drives a terminal or ends a C string.
  package static func printable(_ text: some Sequence<UInt8>) -> String {
    String(decoding: text.map { $0 < 0x20 || $0 == 0x7F ? UInt8(ascii: " ") : $0 }, as: UTF8.self)
  }

  /// One argument by itself.
  private static func masked(_ argument: [UInt8]) -> [UInt8] {
    var text = hiding(SecretAssignments.values(in: argument), in: argument)
    text = hiding(SecretURLs.passwords(in: text), in: text)
    text = hiding(SecretShapes.words(in: text), in: text)
    guard text.contains(UInt8(ascii: " ")) else { return text }
    let words = text.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
    return hidingValues(of: words.map { Array($0) })
  }

  /// Arguments in a line, without the values of options that ask for a secret.
  private static func hidingValues(of arguments: [[UInt8]]) -> [UInt8] {
    let options = SecretOptions(in: arguments)
    var line: [UInt8] = []
    var hiding = HidingNext.no
    for (position, argument) in arguments.enumerated() {
      let fate = hiding.fate(of: argument)
      if fate == .gone { continue }
      if position > 0 { line.append(UInt8(ascii: " ")) }
      if fate == .hidden {
        line.append(contentsOf: mark)
      } else if let visible = options.visiblePrefix(of: argument) {
        line.append(contentsOf: argument[..<visible] + mark)
      } else {
        line.append(contentsOf: argument)
        if options.asksForSecret(argument) || SecretNames.asksForSecret(argument) { hiding = .one }
      }
    }
    return line
  }

  private static func hiding(_ ranges: [Range<Int>], in text: [UInt8]) -> [UInt8] {
    guard !ranges.isEmpty else { return text }
    var result: [UInt8] = []
    var shown = 0
    for range in ranges where range.lowerBound >= shown {
      result.append(contentsOf: text[shown..<range.lowerBound])
      result.append(contentsOf: mark)
      shown = range.upperBound
    }
    result.append(contentsOf: text[shown...])
    return result
  }
}

/// Whether the next argument is a secret, when arguments are gone through.
private enum HidingNext {
  case no
  case one
  /// A quoted value of several words: up to the quote.
  case through(UInt8)

  enum Fate {
    case shown
    case hidden
    /// Hidden, as a further word of what was hidden already.
    case gone
  }

  mutating func fate(of argument: [UInt8]) -> Fate {
    switch self {
    case .no:
      return .shown
    case .one:
      self = .no
      // An option, and no value: `--token --verbose`.
      if argument.starts(with: "--".utf8) { return .shown }
      if let quote = argument.first, SecretAssignments.isQuote(quote),
        argument.count == 1 || argument.last != quote
      {
        self = .through(quote)
      }
      return .hidden
    case .through(let quote):
      if argument.last == quote { self = .no }
      return .gone
    }
  }
}
