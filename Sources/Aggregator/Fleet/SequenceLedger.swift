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

  fileprivate struct Entry: Sendable {
    let epoch: UInt64
    var highest: UInt64
  }

  /// What nearly every frame is of, where it is found at once.
  private var newest: Entry?
  /// The others, ascending by epoch.
  private var older: [Entry] = []

  init() {}

  /// The highest sequence that arrived of `epoch`; 0: none.
  func highest(of epoch: UInt64) -> UInt64 {
    if let newest, newest.epoch == epoch { return newest.highest }
    return older.last { $0.epoch == epoch }?.highest ?? 0
  }

  /// Judges one frame and remembers it. `sequence` is at least 1.
  mutating func record(epoch: UInt64, sequence: UInt64) -> Verdict {
    if let verdict = newest?.record(epoch: epoch, sequence: sequence) { return verdict }
    if let index = older.lastIndex(where: { $0.epoch == epoch }),
      let verdict = older[index].record(epoch: epoch, sequence: sequence)
    {
      return verdict
    }
    return open(Entry(epoch: epoch, highest: sequence))
  }

  private mutating func open(_ entry: Entry) -> Verdict {
    guard let newest else {
      newest = entry
      return .fresh(missing: 0)
    }
    if older.count == Self.maximumEpochs - 1 {
      guard entry.epoch > older[0].epoch else { return .duplicate }
      older.removeFirst()
    }
    guard entry.epoch > newest.epoch else {
      older.insert(entry, at: older.firstIndex { $0.epoch > entry.epoch } ?? older.count)
      return .fresh(missing: 0)
    }
    older.append(newest)
    self.newest = entry
    return .fresh(missing: entry.highest - 1)
  }
}

extension SequenceLedger.Entry {
  /// Judges and remembers a frame of this epoch; `nil`: it is of another.
  fileprivate mutating func record(epoch: UInt64, sequence: UInt64) -> SequenceLedger.Verdict? {
    guard epoch == self.epoch else { return nil }
    guard sequence > highest else { return .duplicate }
    defer { highest = sequence }
    return .fresh(missing: sequence - highest - 1)
  }
}
