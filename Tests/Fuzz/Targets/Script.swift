/// An input read as a list of decisions, front to back. At its end everything is 0, so that every input is a script.
struct Script {
  private var rest: UnsafeRawBufferPointer

  init(_ input: UnsafeRawBufferPointer) { rest = input }

  var isAtEnd: Bool { rest.isEmpty }

  mutating func byte() -> UInt8 {
    guard let byte = rest.first else { return 0 }
    rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst())
    return byte
  }

  /// A number below `bound`.
  mutating func choice(_ bound: Int) -> Int { Int(byte()) % max(bound, 1) }

  /// One of some.
  mutating func pick<Element>(_ elements: [Element]) -> Element { elements[choice(elements.count)] }

  /// One element of a list that may be empty.
  mutating func pickAny<Element>(_ elements: [Element]) -> Element? {
    let index = choice(elements.count)
    return elements.isEmpty ? nil : elements[index]
  }

  /// 0 to 127 in one byte; up to 32767 in two.
  mutating func size() -> Int {
    let first = Int(byte())
    return first < 0x80 ? first : (first & 0x7f) << 8 | Int(byte())
  }

  /// 32 bits, most significant byte first.
  mutating func word() -> UInt32 { (0..<4).reduce(0) { word, _ in word << 8 | UInt32(byte()) } }

  /// Up to `count` bytes: fewer at the end of the input.
  mutating func bytes(_ count: Int) -> [UInt8] {
    let bytes = Array(rest.prefix(count))
    rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(bytes.count))
    return bytes
  }

  /// Bytes behind their `size`.
  mutating func sizedBytes() -> [UInt8] { bytes(size()) }

  /// All that is left.
  mutating func remainder() -> [UInt8] { bytes(rest.count) }

  /// A time to let pass, from nothing to more than any timeout.
  mutating func duration() -> Duration {
    pick([
      .zero, .milliseconds(1), .milliseconds(100), .seconds(1), .seconds(2), .seconds(10), .seconds(21),
      .seconds(31), .seconds(121), .seconds(7200), .nanoseconds(1),
    ])
  }
}
