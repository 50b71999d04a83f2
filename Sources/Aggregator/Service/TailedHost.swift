import GRPC
import Selection
import TimeSeries
import Wire

/// How far one tail has read in one host's hot tier, and what it has described.
///
/// A reader may be `maximumFramesBehind` frames late; what is older than that when it comes back is left out, and it
/// is told how many frames that were. The history it asked for at the start is exempt.
final class TailedHost {
  /// How far a live reader may fall behind before frames are left out.
  static let maximumFramesBehind = 64
  /// Values in one message: half a megabyte.
  static let maximumValues = 50_000
  /// Frames in one message.
  static let maximumFrames = 256

  let host: Host
  private var cursor: HotCursor
  /// Host series looked at so far, and the revision of the host's table that they were of.
  private var seriesSeen = 0
  private var revisionSeen = 0
  /// Host series that match, in the order of their description.
  private var selected: [TailedSeries] = []
  /// How many were described.
  private var described = 0
  /// The first frame that is not history.
  private let liveOrdinal: Int

  /// A reader that begins `history` before the host's newest frame; at the very beginning with a host that joined
  /// after the tail was opened.
  init(_ host: Host, history: Duration, since started: Moment) {
    self.host = host
    let (first, next) = host.withRecord { record in
      let next = record.store.nextOrdinal
      if record.created.instant > started.instant { return (record.store.oldestOrdinal, next) }
      guard history > .zero, let newest = record.store.newestTime else { return (next, next) }
      return (record.store.firstOrdinal(notBefore: newest &- history.saturatedMicroseconds), next)
    }
    cursor = HotCursor(indexes: [], nextOrdinal: first)
    liveOrdinal = next
  }

  /// The next message; `nil`: nothing new. `hasMore`: it does not hold everything that is there.
  func read(_ pattern: MetricPattern) -> (update: TailUpdate?, hasMore: Bool) {
    host.withRecord { record in
      let newSeries = describe(record.series, pattern)
      let isDescribed = seriesSeen == record.series.count
      guard isDescribed, !selected.isEmpty else {
        if isDescribed { cursor.move(to: record.store.nextOrdinal) }
        return (newSeries.isEmpty ? nil : update(record, newSeries, [], 0), !isDescribed)
      }
      var skipped = skipBacklog(record.store)
      var frames: [TailFrame] = []
      let limit = max(1, min(Self.maximumFrames, Self.maximumValues / selected.count))
      skipped += record.store.advance(&cursor, maximumFrames: limit) { frame in
        frames.append(TailFrame(frame, selected))
      }
      let hasMore = cursor.nextOrdinal < record.store.nextOrdinal
      guard !newSeries.isEmpty || !frames.isEmpty || skipped > 0 else { return (nil, hasMore) }
      return (update(record, newSeries, frames, skipped), hasMore)
    }
  }

  /// Looks at series not seen yet, as many as one message describes.
  private func describe(_ series: SeriesTable, _ pattern: MetricPattern) -> [TailSeries] {
    forgetReassigned(series)
    guard seriesSeen < series.count else { return [] }
    var new: [TailSeries] = []
    var bytes = 0
    let known = seriesSeen < (selected.map(\.index).max() ?? -1) ? Set(selected.map(\.index)) : []
    while seriesSeen < series.count, bytes < AnswerSize.part {
      if let shared = series.shared(at: seriesSeen), !known.contains(seriesSeen),
        pattern.matches(shared.descriptor.name)
      {
        let descriptor = shared.descriptor
        selected.append(TailedSeries(index: seriesSeen, place: described, shared: shared))
        described += 1
        new.append(
          TailSeries(
            name: descriptor.name, labels: descriptor.labels, kind: descriptor.kind, unit: descriptor.unit))
        bytes += descriptor.estimatedBytes
      }
      seriesSeen += 1
    }
    if !new.isEmpty { cursor.select(selected.map(\.index)) }
    return new
  }

  /// An index may be another series' by now: those that are no more are not shown again, and
  /// all indexes are looked at anew.
  private func forgetReassigned(_ series: SeriesTable) {
    guard series.revision != revisionSeen else { return }
    (revisionSeen, seriesSeen) = (series.revision, 0)
    let before = selected.count
    selected.removeAll { series.shared(at: $0.index) !== $0.shared }
    if selected.count != before { cursor.select(selected.map(\.index)) }
  }

  private func skipBacklog(_ store: borrowing HotStore) -> Int {
    let earliest = max(liveOrdinal, store.nextOrdinal - Self.maximumFramesBehind)
    guard cursor.nextOrdinal >= liveOrdinal, cursor.nextOrdinal < earliest else { return 0 }
    let skipped = earliest - cursor.nextOrdinal
    cursor.move(to: earliest)
    return skipped
  }

  private func update(
    _ record: borrowing HostRecord, _ newSeries: [TailSeries], _ frames: [TailFrame], _ skipped: Int
  ) -> TailUpdate {
    TailUpdate(
      hostID: record.identity.hostID, instance: record.identity.instance, newSeries: newSeries,
      frames: frames,
      skippedFrames: UInt64(skipped))
  }
}

extension TailFrame {
  /// What a frame of the hot tier shows of the selected series.
  fileprivate init(_ frame: borrowing HotFrame, _ selected: [TailedSeries]) {
    self.init(timeMicroseconds: frame.timeMicroseconds, series: [], values: [])
    self.series.reserveCapacity(selected.count)
    self.values.reserveCapacity(selected.count)
    for position in selected.indices where frame.present[position] {
      self.series.append(UInt32(truncatingIfNeeded: selected[position].place))
      self.values.append(selected[position].shared.descriptor.value(ofRaw: frame.values[position]))
    }
  }
}

/// A series that is tailed.
private struct TailedSeries {
  /// The host's index of it.
  let index: Int
  /// Its index on the stream.
  let place: Int
  let shared: SharedSeries
}
