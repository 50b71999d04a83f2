/// A pattern of a name, as in a shell: `*` stands for any bytes (also none, also slashes), `?` for one byte,
/// `[a-z]` for one of some, `[!a-z]` for one of the others. There is no escape; `[*]` is a star.
///
/// Matching takes time proportional to pattern times name at most.
public struct GlobPattern: Hashable, Sendable {
  /// Bytes of a pattern; longer ones match nothing.
  public static let maximumBytes = 256

  /// The pattern as written.
  public let text: String
  private let elements: [Element]

  private enum Element: Hashable {
    case anyRun
    case anyByte
    case byte(UInt8)
    case oneOf([ClosedRange<UInt8>], negated: Bool)

    func matches(_ byte: UInt8) -> Bool {
      switch self {
      case .anyRun: false
      case .anyByte: true
      case .byte(let own): own == byte
      case .oneOf(let ranges, let negated): ranges.contains { $0.contains(byte) } != negated
      }
    }
  }

  /// A pattern. A bracket that is not closed stands for itself.
  public init(_ text: String) {
    self.text = text
    var elements: [Element] = []
    var rest = Array(text.utf8.prefix(Self.maximumBytes + 1))[...]
    guard rest.count <= Self.maximumBytes else {
      self.elements = [.oneOf([], negated: false)]
      return
    }
    while let byte = rest.first {
      if byte == UInt8(ascii: "["), let set = Self.takeSet(&rest) {
        elements.append(set)
        continue
      }
      rest.removeFirst()
      switch byte {
      case UInt8(ascii: "*"): elements.append(.anyRun)
      case UInt8(ascii: "?"): elements.append(.anyByte)
      default: elements.append(.byte(byte))
      }
    }
    self.elements = elements
  }

  /// Takes `[…]` off the front; nil, and nothing taken, if it is not closed.
  private static func takeSet(_ rest: inout ArraySlice<UInt8>) -> Element? {
    var inside = rest.dropFirst()
    let negated = inside.first == UInt8(ascii: "!")
    if negated { inside.removeFirst() }
    // A closing bracket in the first place is one of the bytes.
    guard let end = inside.dropFirst().firstIndex(of: UInt8(ascii: "]")) else { return nil }
    var bytes = inside[..<end]
    var ranges: [ClosedRange<UInt8>] = []
    while let low = bytes.popFirst() {
      if bytes.count >= 2, bytes.first == UInt8(ascii: "-"), let high = bytes.dropFirst().first {
        bytes.removeFirst(2)
        if low <= high { ranges.append(low...high) }
      } else {
        ranges.append(low...low)
      }
    }
    rest = rest[(end + 1)...]
    return .oneOf(ranges, negated: negated)
  }

  /// Whether the whole name fits.
  public func matches(_ name: UnsafeRawBufferPointer) -> Bool {
    var element = 0
    var index = 0
    // Where to go on when what follows the last star does not fit: the star takes one byte more.
    var retry: (element: Int, index: Int)?
    while index < name.count {
      if element < elements.count, elements[element] == .anyRun {
        retry = (element + 1, index)
        element += 1
      } else if element < elements.count, elements[element].matches(name[index]) {
        element += 1
        index += 1
      } else if let last = retry {
        retry = (last.element, last.index + 1)
        (element, index) = (last.element, last.index + 1)
      } else {
        return false
      }
    }
    return elements[element...].allSatisfy { $0 == .anyRun }
  }
}
