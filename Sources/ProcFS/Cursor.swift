internal import Glibc

/// Walks over text once, forwards, and never past its end.
///
/// Blanks are space, tab and carriage return, so that a file which came through a foreign editor reads the
/// same. Numbers above `Int64.max` are read as `Int64.max`: the kernel's counters are unsigned, and such a
/// value only ever is a wrapped negative one or a "no limit".
struct Cursor {
  private(set) var position: UnsafePointer<UInt8>
  private let start: UnsafePointer<UInt8>
  private let end: UnsafePointer<UInt8>

  init(_ bytes: UnsafeRawBufferPointer) {
    // An empty buffer may have no address; any will do, since it is never read through.
    let base = bytes.baseAddress ?? UnsafeRawPointer(bitPattern: 1).unsafelyUnwrapped
    start = base.assumingMemoryBound(to: UInt8.self)
    position = start
    end = start + bytes.count
  }

  /// How many bytes lie behind.
  var offset: Int { @inline(__always) get { position - start } }

  var isAtEnd: Bool { @inline(__always) get { position == end } }

  /// True at the end of a line, or of the text.
  var isAtLineEnd: Bool { @inline(__always) get { position == end || position.pointee == newline } }

  /// The next byte, 0 at the end.
  var next: UInt8 { @inline(__always) get { position == end ? 0 : position.pointee } }

  @inline(__always)
  mutating func skipBlanks() {
    while position != end, isBlank(position.pointee) { position += 1 }
  }

  /// Steps over one byte, unless at the end.
  @inline(__always)
  mutating func step() {
    if position != end { position += 1 }
  }

  /// Steps over `byte` if it is the next one.
  @inline(__always)
  mutating func skip(_ byte: UInt8) -> Bool {
    guard position != end, position.pointee == byte else { return false }
    position += 1
    return true
  }

  /// Steps behind the end of the line.
  @inline(__always)
  mutating func skipLine() {
    guard let found = memchr(position, Int32(newline), end - position) else {
      position = end
      return
    }
    position = UnsafePointer(found.assumingMemoryBound(to: UInt8.self)) + 1
  }

  /// Steps over blanks, then over a word: bytes up to a blank or the line's end. Empty at the line's end.
  @inline(__always)
  mutating func word() -> TextRange {
    skipBlanks()
    let first = offset
    while position != end, !isBlank(position.pointee), position.pointee != newline { position += 1 }
    return TextRange(offset: first, count: offset - first)
  }

  /// The bytes up to the line's last colon, which is stepped over. Nil, and nothing moved, without a colon.
  mutating func wordBeforeLastColon() -> TextRange? {
    let lineEnd = memchr(position, Int32(newline), end - position).map { UnsafeRawPointer($0) } ?? .init(end)
    var found: UnsafeRawPointer?
    var from = UnsafeRawPointer(position)
    while let colon = memchr(from, Int32(UInt8(ascii: ":")), lineEnd - from) {
      found = UnsafeRawPointer(colon)
      from = UnsafeRawPointer(colon) + 1
    }
    guard let found else { return nil }
    let first = offset
    position = found.assumingMemoryBound(to: UInt8.self) + 1
    return TextRange(offset: first, count: offset - 1 - first)
  }

  /// Decimal digits, at least one.
  @inline(__always)
  mutating func digits() -> Int64? {
    let first = position
    var value: UInt64 = 0
    while position != end {
      let digit = position.pointee &- zero
      guard digit < 10 else { break }
      value = value &* 10 &+ UInt64(digit)
      position += 1
    }
    let count = position - first
    if count > 18 { return saturatedNumber(from: first, to: position) }
    return count == 0 ? nil : Int64(bitPattern: value)
  }

  /// Blanks, then a number that ends where a word ends.
  @inline(__always)
  mutating func number() -> Int64? {
    skipBlanks()
    guard let value = digits(), isAtWordEnd else { return nil }
    return value
  }

  /// Numbers up to the line's end, `values.count` of them at most, with blanks around them. How many there
  /// were; nil if something else came.
  mutating func numbers<let count: Int>(into values: inout InlineArray<count, Int64>) -> Int? {
    // A copy, so that the place is kept in a register.
    var cursor = self
    defer { self = cursor }
    var found = 0
    cursor.skipBlanks()
    while found < count, !cursor.isAtLineEnd {
      guard let value = cursor.digits(), cursor.isAtWordEnd else { return nil }
      values[unchecked: found] = value
      found += 1
      cursor.skipBlanks()
    }
    return found
  }

  /// Blanks, then a number with a fraction, in hundredths: `0.36` is 36. Further decimals are cut off.
  mutating func hundredths() -> Int64? {
    skipBlanks()
    guard let whole = digits() else { return nil }
    var fraction: Int64 = 0
    if skip(UInt8(ascii: ".")) {
      var place: Int64 = 10
      while position != end, position.pointee &- zero < 10 {
        fraction += Int64(position.pointee &- zero) * place
        place /= 10
        position += 1
      }
      if place == 10 { return nil }
    }
    guard isAtWordEnd else { return nil }
    let (scaled, overflow) = whole.multipliedReportingOverflow(by: 100)
    let (sum, carry) = scaled.addingReportingOverflow(fraction)
    return overflow || carry ? .max : sum
  }

  /// True if the next byte is a blank.
  var isAtBlank: Bool { @inline(__always) get { position != end && isBlank(position.pointee) } }

  /// True if the text goes on with `bytes`, which are then stepped over.
  @inline(__always)
  mutating func skip(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard let start = bytes.baseAddress else { return false }
    return skip(start, count: bytes.count)
  }

  /// True if the text goes on with these bytes, which are then stepped over.
  @inline(__always)
  mutating func skip(_ bytes: UnsafeRawPointer, count: Int) -> Bool {
    guard end - position >= count, memcmp(position, bytes, count) == 0 else { return false }
    position += count
    return true
  }

  /// True if the text goes on with `prefix`, which is then stepped over.
  @inline(__always)
  mutating func skip(prefix: StaticString) -> Bool {
    let count = prefix.utf8CodeUnitCount
    guard end - position >= count, memcmp(position, prefix.utf8Start, count) == 0 else { return false }
    position += count
    return true
  }

  private var isAtWordEnd: Bool {
    @inline(__always) get { isAtLineEnd || isBlank(position.pointee) }
  }
}

private let newline = UInt8(ascii: "\n")
private let zero = UInt8(ascii: "0")

@inline(__always)
private func isBlank(_ byte: UInt8) -> Bool {
  byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
}

/// The rare number of more than 18 digits, `Int64.max` at most.
private func saturatedNumber(from first: UnsafePointer<UInt8>, to end: UnsafePointer<UInt8>) -> Int64 {
  var value: Int64 = 0
  var next = first
  while next != end {
    let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
    let (sum, carry) = tens.addingReportingOverflow(Int64(next.pointee &- zero))
    if overflow || carry { return .max }
    value = sum
    next += 1
  }
  return value
}
