import TimeSeries
import Wire

/// From a stream's dictionary to the host's series. Nothing is allocated per sample.
struct StreamMap {
  /// Stands for a series that the host has no room for.
  private static let refused = UInt32.max

  /// By dictionary index.
  private var indexes: [UInt32] = []
  /// Whether both call every series the same, as they do nearly always: a host's first stream numbers its series.
  private var isIdentity = true
  /// The first `changeCount` of them are the frame's; the rest is room.
  private var changes: [HotChange] = []
  private var changeCount = 0
  private var gone: [UInt32] = []

  init() {}

  /// The next series of the dictionary. Returns how many the host has no room for.
  mutating func describe(_ series: [SharedSeries], in record: inout HostRecord) -> Int {
    var refused = 0
    for series in series {
      if let index = record.register(series) {
        if index != indexes.count { isIdentity = false }
        indexes.append(UInt32(truncatingIfNeeded: index))
      } else {
        indexes.append(Self.refused)
        isIdentity = false
        refused += 1
      }
    }
    record.frames.seriesRefused &+= UInt64(refused)
    return refused
  }

  /// The stream is over: its series are the host's alone.
  mutating func end(in record: inout HostRecord) {
    for index in indexes where index != Self.refused { record.series.abandon(Int(index)) }
    indexes = []
  }

  /// Takes changes, and the series that are gone.
  typealias Reader<R> = (UnsafeBufferPointer<HotChange>, UnsafeBufferPointer<UInt32>) -> R

  /// Hands out what changed within the stream.
  mutating func withChanges<R>(of frame: borrowing DecodedFrame, _ body: Reader<R>) -> R {
    guard !isIdentity else {
      // A change looks the same in both modules, which know nothing of each other (StreamMapTests).
      return frame.changes.withMemoryRebound(to: HotChange.self) { body($0, frame.gone) }
    }
    translate(frame)
    return withTranslated(body)
  }

  private mutating func translate(_ frame: borrowing DecodedFrame) {
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

  /// Translates everything that the stream has, and as gone what only the store has.
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

  /// Gives back the memory of a translation in full, which is seldom made and needs much more than a change.
  mutating func forgetTranslation() {
    (changes, changeCount, gone) = ([], 0, [])
  }

  /// Hands out what was translated last.
  func withTranslated<R>(_ body: Reader<R>) -> R {
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
    guard let (index, isNew) = series.use(shared) else { return nil }
    if isNew { vitals.register(shared.descriptor, at: index) }
    return index
  }
}
