/// One line of ``MetricsText``, read from left to right.
struct MetricsLine {
  /// What a line says that begins with `#`.
  struct Comment {
    enum Said {
      case help
      case kind(MetricsText.Kind)
    }

    let name: String
    let said: Said
  }

  private let text: UnsafeRawBufferPointer
  private var cursor: Cursor

  init(_ text: UnsafeRawBufferPointer) {
    self.text = text
    cursor = Cursor(text)
  }

  var isAtEnd: Bool { cursor.isAtEnd }

  var isComment: Bool { cursor.next == UInt8(ascii: "#") }

  mutating func skipBlanks() {
    cursor.skipBlanks()
  }

  /// Reads a comment; nil if it says nothing to programs.
  mutating func comment() throws(MetricsLineError) -> Comment? {
    cursor.step()
    let keyword = cursor.word().string(in: text)
    guard keyword == "HELP" || keyword == "TYPE" else { return nil }
    cursor.skipBlanks()
    // A keyword alone is not wrong, says the format.
    if cursor.isAtEnd { return nil }
    let name = try metricName()
    guard cursor.isAtEnd || cursor.isAtBlank else {
      throw MetricsLineError("not a metric name behind \(keyword)")
    }
    cursor.skipBlanks()
    if cursor.isAtEnd { return nil }
    if keyword == "HELP" { return Comment(name: name, said: .help) }
    let word = cursor.word().string(in: text)
    cursor.skipBlanks()
    guard cursor.isAtEnd, let kind = MetricsText.Kind(rawValue: word.lowercased()) else {
      throw MetricsLineError("not a type of metric: counter, gauge, histogram, summary or untyped")
    }
    return Comment(name: name, said: .kind(kind))
  }

  mutating func metricName() throws(MetricsLineError) -> String {
    try name(colons: true, "a metric name is expected")
  }

  /// Labels in braces, if there are any.
  mutating func labels() throws(MetricsLineError) -> [(name: String, value: String)] {
    var labels: [(name: String, value: String)] = []
    cursor.skipBlanks()
    guard cursor.skip(UInt8(ascii: "{")) else { return labels }
    cursor.skipBlanks()
    while !cursor.skip(UInt8(ascii: "}")) {
      let name = try name(colons: false, "a label name or } is expected")
      guard name != "__name__" else { throw MetricsLineError("the label __name__ is reserved") }
      guard !labels.contains(where: { $0.name == name }) else {
        throw MetricsLineError("the label \(name) comes twice")
      }
      cursor.skipBlanks()
      guard cursor.skip(UInt8(ascii: "=")) else { throw MetricsLineError("= is expected behind \(name)") }
      cursor.skipBlanks()
      labels.append((name, try quoted(name)))
      cursor.skipBlanks()
      guard cursor.skip(UInt8(ascii: ",")) || cursor.next == UInt8(ascii: "}") else {
        throw MetricsLineError(", or } is expected behind the value of \(name)")
      }
      cursor.skipBlanks()
    }
    return labels
  }

  /// The number at the end of the line.
  mutating func value() throws(MetricsLineError) -> Double {
    let word = cursor.word().string(in: text)
    guard let value = Self.number(word) else {
      throw MetricsLineError("a number is expected, found \"\(word.prefix(40))\"")
    }
    cursor.skipBlanks()
    guard cursor.isAtEnd else {
      throw MetricsLineError("more than a name, labels and a number: times are not allowed here")
    }
    return value
  }

  /// A decimal number with or without fraction and exponent, or a word for infinity or no number. Nil if it
  /// is anything else, or too large for a double.
  static func number(_ word: String) -> Double? {
    switch word.lowercased() {
    case "nan": return .nan
    case "inf", "+inf", "infinity", "+infinity": return .infinity
    case "-inf", "-infinity": return -.infinity
    default: break
    }
    let isDecimal = word.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
        UInt8(ascii: "e"), UInt8(ascii: "E"):
        true
      default: false
      }
    }
    guard isDecimal, let value = Double(word), value.isFinite else { return nil }
    return value
  }

  private mutating func name(colons: Bool, _ expectation: String) throws(MetricsLineError) -> String {
    let first = cursor.offset
    while isNameByte(cursor.next, isFirst: cursor.offset == first, colons: colons) { cursor.step() }
    guard cursor.offset > first else { throw MetricsLineError(expectation) }
    return TextRange(offset: first, count: cursor.offset - first).string(in: text)
  }

  /// A label's value: in quotes, with `\\`, `\"` and `\n` for what they stand for.
  private mutating func quoted(_ name: String) throws(MetricsLineError) -> String {
    guard cursor.skip(UInt8(ascii: "\"")) else { throw MetricsLineError("\" is expected behind \(name)=") }
    var value: [UInt8] = []
    while !cursor.skip(UInt8(ascii: "\"")) {
      guard !cursor.isAtEnd else { throw MetricsLineError("the value of \(name) has no end") }
      if cursor.skip(UInt8(ascii: "\\")) {
        switch cursor.next {
        case UInt8(ascii: "n"): value.append(UInt8(ascii: "\n"))
        case UInt8(ascii: "\\"), UInt8(ascii: "\""): value.append(cursor.next)
        default: throw MetricsLineError("the value of \(name) has a \\ that stands for nothing")
        }
      } else {
        value.append(cursor.next)
      }
      cursor.step()
    }
    guard let text = String(validating: value, as: UTF8.self) else {
      throw MetricsLineError("the value of \(name) is not UTF-8")
    }
    return text
  }
}

/// Of the Prometheus data model: `[a-zA-Z_][a-zA-Z0-9_]*`, in names of metrics with colons.
private func isNameByte(_ byte: UInt8, isFirst: Bool, colons: Bool) -> Bool {
  switch byte {
  case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"): true
  case UInt8(ascii: "0")...UInt8(ascii: "9"): !isFirst
  case UInt8(ascii: ":"): colons
  default: false
  }
}
