import TimeSeries
import Wire

/// From a stream's dictionary to the host's series, and the translated frame. Nothing is allocated per sample.
struct StreamMap {
  /// Stands for a series that the host has no room for.
  private static let refused = UInt32.max

  /// By dictionary index.
  private var indexes: [UInt32] = []
  /// The first `changeCount` of them are the frame's; the rest is room.
  private var changes: [HotChange] = []
  private(set) var changeCount = 0
  private var gone: [UInt32] = []

  init() {}

  /// The next series of the dictionary. Returns how many the host has no room for.
  mutating func describe(_ series: [SharedSeries], in record: inout HostRecord) -> Int {
    var refused = 0
    for series in series {
      if let index = record.register(series) {
        indexes.append(UInt32(truncatingIfNeeded: index))
      } else {
        indexes.append(Self.refused)
        refused += 1
      }
    }
    record.frames.seriesRefused &+= UInt64(refused)
    return refused
  }

  /// What changed within the stream.
  mutating func translate(_ frame: borrowing DecodedFrame) {
    let room = frame.changes.count - changes.count
    if room > 0 { changes += repeatElement(HotChange(index: 0, raw: 0), count: room) }
    changeCount = changes.withUnsafeMutableBufferPointer { changes in
      var count = 0
      for change in frame.changes {
        let index = indexes[Int(change.index)]
        guard index != Self.refused else { continue }
        changes[count] = HotChange(index: index, raw: change.raw)
        count += 1
      }
      return count
    }
    gone.removeAll(keepingCapacity: true)
    for index in frame.gone where indexes[Int(index)] != Self.refused { gone.append(indexes[Int(index)]) }
  }

  /// Everything the stream has, and everything the store has and the stream has not.
  mutating func translateInFull(_ decoder: FrameDecoder, presentIn store: borrowing HotStore) {
    changes.removeAll(keepingCapacity: true)
    gone.removeAll(keepingCapacity: true)
    var isPresent = [Bool](repeating: false, count: store.seriesCount)
    for (position, index) in indexes.enumerated() where index != Self.refused {
      guard let raw = decoder.rawValue(at: position) else { continue }
      changes.append(HotChange(index: index, raw: raw))
      if Int(index) < isPresent.count { isPresent[Int(index)] = true }
    }
    changeCount = changes.count
    store.forEachLatest { index, _ in
      if !isPresent[index] { gone.append(UInt32(truncatingIfNeeded: index)) }
    }
  }

  /// The translated frame.
  borrowing func withFrame(_ body: (UnsafeBufferPointer<HotChange>, UnsafeBufferPointer<UInt32>) -> Void) {
    changes.withUnsafeBufferPointer { changes in
      gone.withUnsafeBufferPointer { gone in
        body(UnsafeBufferPointer(rebasing: changes[..<changeCount]), gone)
      }
    }
  }
}

extension HostRecord {
  /// The host's index of a series; `nil`: it has too many.
  fileprivate mutating func register(_ shared: SharedSeries) -> Int? {
    guard let (index, isNew) = series.index(of: shared) else { return nil }
    if isNew { vitals.register(shared.descriptor) }
    return index
  }
}
