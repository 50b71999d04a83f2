import Wire

extension CommandOutcome {
  /// What it means, for those whose word does not say it and who come without a reason.
  var explanation: String {
    switch self {
    case .expired: "the command came too late to be begun"
    case .unsupported: "this collector does not know the command"
    case .timedOut: "no result came in time"
    case .lost: "the connection was lost before the result came: it may have been done"
    case .unreachable: "not connected: nothing was sent"
    default: ""
    }
  }
}

extension ConfigState {
  /// Whether the host will not come to run the config by waiting.
  var isTrouble: Bool { self == .failed || self == .refused || self == .rolledBack }
}

extension RolloutState {
  /// Whether nothing more will happen.
  var isOver: Bool { self == .rolledBack || self == .completed }
}

extension String {
  /// A word as JSON names it.
  var snakeCased: String { replacing(" ", with: "_") }

  /// The text, or nil if there is none.
  var nonEmpty: String? { isEmpty ? nil : self }

  /// A text of several lines, each made harmless; tabs become blanks.
  var printableLines: [String] {
    replacing("\r\n", with: "\n").split(separator: "\n", omittingEmptySubsequences: false)
      .map { String($0).replacing("\t", with: "    ").printable }
  }
}

/// Hashes as people compare them.
enum HashText {
  /// The first 12 digits; `-` for none.
  static func short(_ bytes: [UInt8]) -> String {
    bytes.isEmpty ? "-" : hexadecimal(bytes.prefix(6))
  }

  /// All digits; empty for none.
  static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    bytes.reduce(into: "") { text, byte in
      let digits = String(byte, radix: 16)
      text += digits.utf8.count == 1 ? "0" + digits : digits
    }
  }
}
