/// A key press as the live views understand it.
enum Key: Equatable, Sendable {
  case character(Character)
  case enter, escape, backspace, up, down, left, right, pageUp, pageDown, home, end, interrupt
}

/// Bytes from a terminal in raw mode to key presses (ECMA-48 sequences as xterm, the Linux console
/// and tmux send them). A lone escape is only known to be one when nothing follows: see `flush`.
struct KeyDecoder: Sendable {
  /// The longest sequence that is waited for; a longer one is noise and is dropped.
  static let sequenceLimit = 16

  private var pending: [UInt8] = []

  /// A decoder with nothing pending.
  init() {}

  /// Whether an unfinished sequence is held; if no byte follows within a moment, call `flush`.
  var isWaiting: Bool { !pending.isEmpty }

  /// Takes bytes as they come and returns the keys that are complete.
  mutating func decode(_ bytes: some Sequence<UInt8>) -> [Key] {
    var keys: [Key] = []
    for byte in bytes {
      pending.append(byte)
      switch Self.match(pending) {
      case .incomplete: if pending.count >= Self.sequenceLimit { pending = [] }
      case .key(let key):
        keys.append(key)
        pending = []
      case .nothing: pending = []
      }
    }
    return keys
  }

  /// Nothing followed: a lone escape byte was the escape key.
  mutating func flush() -> [Key] {
    defer { pending = [] }
    return pending == [0x1B] ? [.escape] : []
  }

  private enum Match {
    case incomplete, nothing
    case key(Key)
  }

  private static func match(_ bytes: [UInt8]) -> Match {
    switch bytes[0] {
    case 0x1B: return bytes.count == 1 ? .incomplete : matchSequence(bytes)
    case 0x03: return .key(.interrupt)
    case 0x0D, 0x0A: return .key(.enter)
    case 0x7F, 0x08: return .key(.backspace)
    case 0x20..<0x7F: return .key(.character(Character(Unicode.Scalar(bytes[0]))))
    case 0x80...: return matchUTF8(bytes)
    default: return .nothing
    }
  }

  private static func matchUTF8(_ bytes: [UInt8]) -> Match {
    let length = bytes[0] >= 0xF0 ? 4 : bytes[0] >= 0xE0 ? 3 : bytes[0] >= 0xC0 ? 2 : 1
    if bytes.count < length { return .incomplete }
    guard let text = String(validating: bytes, as: UTF8.self), let character = text.first else {
      return .nothing
    }
    return .key(.character(character))
  }

  private static func matchSequence(_ bytes: [UInt8]) -> Match {
    guard bytes[1] == UInt8(ascii: "[") || bytes[1] == UInt8(ascii: "O") else { return .nothing }
    guard bytes.count > 2, let last = bytes.last else { return .incomplete }
    // Parameters and intermediates until a final byte.
    guard (0x40...0x7E).contains(last) else { return .incomplete }
    switch last {
    case UInt8(ascii: "A"): return .key(.up)
    case UInt8(ascii: "B"): return .key(.down)
    case UInt8(ascii: "C"): return .key(.right)
    case UInt8(ascii: "D"): return .key(.left)
    case UInt8(ascii: "H"): return .key(.home)
    case UInt8(ascii: "F"): return .key(.end)
    case UInt8(ascii: "~"): return numbered(bytes[2])
    default: return .nothing
    }
  }

  private static func numbered(_ digit: UInt8) -> Match {
    switch digit {
    case UInt8(ascii: "1"), UInt8(ascii: "7"): return .key(.home)
    case UInt8(ascii: "4"), UInt8(ascii: "8"): return .key(.end)
    case UInt8(ascii: "5"): return .key(.pageUp)
    case UInt8(ascii: "6"): return .key(.pageDown)
    default: return .nothing
    }
  }
}
