import Wire

/// A part of output with the bytes it takes on the wire: it is measured once.
struct OutputPart {
  let content: CommandOutput.Content
  let bytes: Int

  init(_ content: CommandOutput.Content) {
    self.content = content
    bytes = content.packedBytes
  }
}

/// A command's answer as it grows: its parts, bounded by what the asker wants at most.
struct CommandAnswer {
  /// The parts, for who asks for the same later; nil when they took too much room.
  private(set) var kept: [OutputPart]? = []
  /// How many parts there are, their bytes, and the bytes that were cut off.
  private(set) var count = 0
  private(set) var bytes = 0
  private(set) var bytesCut = 0
  private let limit: Int
  private let keepLimit: Int

  /// An answer of at most `limit` bytes, of which not more than `keepLimit` are kept.
  init(limit: Int, keepLimit: Int) {
    self.limit = limit
    self.keepLimit = keepLimit
  }

  /// Takes in content, cut into parts. Returns those to be sent.
  ///
  /// What does not fit is left out, and everything after it: a gap in the middle would not be seen.
  mutating func add(_ content: CommandOutput.Content, partBytes: Int) -> [OutputPart] {
    var sent: [OutputPart] = []
    for part in content.parts(of: partBytes).map(OutputPart.init) {
      if bytesCut == 0, bytes + part.bytes <= limit {
        append(part, to: &sent)
      } else {
        let rest = bytesCut > 0 ? nil : part.content.prefix(bytes: limit - bytes).map(OutputPart.init)
        bytesCut += part.bytes - (rest?.bytes ?? 0)
        if let rest { append(rest, to: &sent) }
      }
    }
    return sent
  }

  private mutating func append(_ part: OutputPart, to sent: inout [OutputPart]) {
    sent.append(part)
    count += 1
    bytes += part.bytes
    kept = bytes > keepLimit ? nil : (kept ?? []) + [part]
  }
}
