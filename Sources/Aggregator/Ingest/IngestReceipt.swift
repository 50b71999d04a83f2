/// What became of one frame.
public struct IngestReceipt: Sendable {
  /// Whether it was stored.
  public enum Outcome: Hashable, Sendable {
    /// So many changed samples were stored; so many sequences before it never came.
    case stored(samples: Int, missing: UInt64)
    /// It had arrived before.
    case duplicate
  }

  /// Whose frame it was.
  public let host: Host
  /// The frame's epoch.
  public let epoch: UInt64
  /// The highest sequence that has arrived of the epoch: what may be acknowledged.
  public let highest: UInt64
  /// Whether it was stored.
  public let outcome: Outcome
  /// Series described by the frame that are left out because the host has too many.
  public let seriesRefused: Int

  /// Whether the frame had arrived before.
  public var isDuplicate: Bool { outcome == .duplicate }
}

extension FleetCounters {
  func count(_ receipt: IngestReceipt, bytes: Int) {
    self.bytes.add(UInt64(bytes))
    if receipt.seriesRefused > 0 { seriesRefused.add(UInt64(receipt.seriesRefused)) }
    switch receipt.outcome {
    case .stored(let samples, let missing):
      frames.add()
      self.samples.add(UInt64(samples))
      if missing > 0 { self.missing.add(missing) }
    case .duplicate:
      duplicates.add()
    }
  }
}
