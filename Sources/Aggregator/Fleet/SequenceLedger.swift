/// Which frames of one host have arrived: the highest sequence of each epoch, and what that says about the next frame.
///
/// A frame is (host_id, epoch, sequence), for ever. A sequence at or below the epoch's highest has arrived before;
/// one that leaves numbers out says how many frames never came.
///
/// The first frame of an unknown epoch sets the start when it is the first thing ever heard from the host: what came
/// before went to an earlier run of this aggregator or to another one. For a host already known, the epoch began
/// under our eyes and its first frame was due with sequence 1.
struct SequenceLedger: Sendable {
  /// How many epochs of one host are told apart. Frames of older ones count as duplicates.
  static let maximumEpochs = 8

  enum Verdict: Hashable, Sendable {
    /// The one that was due, or after `missing` that never came.
    case fresh(missing: UInt64)
    /// Has arrived before.
    case duplicate
  }

  private struct Entry: Sendable {
    let epoch: UInt64
    var highest: UInt64
  }

  /// Ascending by epoch.
  private var entries: [Entry] = []

  init() {}

  /// The highest sequence that arrived of `epoch`; 0: none.
  func highest(of epoch: UInt64) -> UInt64 {
    entries.last { $0.epoch == epoch }?.highest ?? 0
  }

  /// Judges one frame and remembers it. `sequence` is at least 1.
  mutating func record(epoch: UInt64, sequence: UInt64) -> Verdict {
    if let index = entries.lastIndex(where: { $0.epoch == epoch }) {
      let highest = entries[index].highest
      guard sequence > highest else { return .duplicate }
      entries[index].highest = sequence
      return .fresh(missing: sequence - highest - 1)
    }
    return open(epoch: epoch, sequence: sequence)
  }

  private mutating func open(epoch: UInt64, sequence: UInt64) -> Verdict {
    if entries.count == Self.maximumEpochs {
      guard epoch > entries[0].epoch else { return .duplicate }
      entries.removeFirst()
    }
    let isFirstContact = entries.isEmpty
    let index = entries.firstIndex { $0.epoch > epoch } ?? entries.count
    let isNewest = index == entries.count
    entries.insert(Entry(epoch: epoch, highest: sequence), at: index)
    return .fresh(missing: isFirstContact || !isNewest ? 0 : sequence - 1)
  }
}
