import Wire

/// What was answered lately, so that a command that comes again is answered with what it did the first time.
struct RememberedCommands {
  struct Entry {
    var ids: [String]
    /// Empty: found by its ids only, because nothing was done.
    let key: String
    /// The parts; nil when they took too much room since.
    var parts: [OutputPart]?
    let result: CommandResult

    fileprivate var bytes: Int { (parts ?? []).reduce(0) { $0 + $1.bytes } }
  }

  private let maximumCount: Int
  private let maximumBytes: Int
  /// Oldest first.
  private var entries: [Entry] = []
  private(set) var bytes = 0

  init(limits: CommandLimits) {
    maximumCount = limits.rememberedCommands
    maximumBytes = limits.rememberedBytes
  }

  var count: Int { entries.count }

  /// What was answered to this id, or else to this key.
  func find(_ id: String, orKey key: String) -> Entry? {
    entries.last { $0.ids.contains(id) } ?? (key.isEmpty ? nil : entries.last { $0.key == key })
  }

  /// Remembers an answer, forgetting old ones' output, and then old ones, as the limits demand.
  mutating func remember(_ entry: Entry) {
    entries.append(entry)
    bytes += entry.bytes
    for index in entries.indices where bytes > maximumBytes && entries[index].bytes > 0 {
      bytes -= entries[index].bytes
      entries[index].parts = nil
    }
    while entries.count > maximumCount { bytes -= entries.removeFirst().bytes }
  }

  /// The same for another id. At most as many ids as there are entries.
  mutating func remember(_ id: String, as known: String) {
    guard let index = entries.lastIndex(where: { $0.ids.contains(known) }) else { return }
    if entries[index].ids.count >= maximumCount { entries[index].ids.remove(at: 1) }
    entries[index].ids.append(id)
  }
}
