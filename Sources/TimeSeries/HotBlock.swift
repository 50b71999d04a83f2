/// Up to 64 frames that will not change any more, column by column, in one piece of memory:
///
///     times     zigzag PrefixVarints: how much longer each step between frames is than the one before
///     groups    every 16th column: its series index (4 bytes) and its offset in `columns` (4 bytes)
///     columns   one per series that changed or vanished, by ascending index (see HotColumn)
///
/// A block knows neither the values it starts from nor the series that did not change: whoever reads it
/// comes from a known later state.
final class HotBlock: Sendable {
  static let columnsPerGroup = 16
  /// What the object itself takes, beside `byteCount` bytes.
  static let overhead = 128

  let firstOrdinal: Int
  let frameCount: Int
  let firstTime: Int64
  /// Bounds of all the times: they differ from first and last where the clock stepped.
  let lowestTime: Int64
  let highestTime: Int64
  /// Present series, summed over the frames.
  let sampleCount: Int
  /// How far the store's frames had come in time when the block was sealed.
  let elapsed: UInt64
  let columnCount: Int
  let byteCount: Int
  // Written before the initialiser returns, only read afterwards, freed by deinit: safe to share.
  private nonisolated(unsafe) let bytes: UnsafeRawPointer
  private let groupsOffset: Int
  private let columnsOffset: Int

  var nextOrdinal: Int { firstOrdinal + frameCount }

  /// Takes over `bytes`, which must have been allocated by `UnsafeMutableRawPointer.allocate`.
  init(
    head: borrowing HotHead, elapsed: UInt64, times: (lowest: Int64, highest: Int64), columnCount: Int,
    bytes: UnsafeRawPointer, byteCount: Int, groupsOffset: Int, columnsOffset: Int
  ) {
    firstOrdinal = head.firstOrdinal
    frameCount = head.frameCount
    firstTime = head.rows[0].timeMicroseconds
    lowestTime = times.lowest
    highestTime = times.highest
    sampleCount = head.sampleCount
    self.elapsed = elapsed
    self.columnCount = columnCount
    self.bytes = bytes
    self.byteCount = byteCount
    self.groupsOffset = groupsOffset
    self.columnsOffset = columnsOffset
  }

  deinit { bytes.deallocate() }

  /// Writes the time of each frame, `frameCount` of them.
  func readTimes(into out: UnsafeMutablePointer<Int64>) {
    var pointer = bytes
    var time = firstTime
    var step: Int64 = 0
    out[0] = time
    for row in 1..<max(1, frameCount) {
      step &+= Int64(zigzag: PrefixVarint.read(&pointer))
      time &+= step
      out[row] = time
    }
  }

  /// All columns, by ascending index.
  var columns: HotColumns {
    HotColumns(at: bytes + columnsOffset, count: columnCount, frameCount: frameCount)
  }

  /// The column of a series; nil: the series neither changed nor vanished here.
  func column(of index: Int) -> HotColumn? {
    let groups = bytes + groupsOffset
    var low = 0
    var high = (columnCount + Self.columnsPerGroup - 1) / Self.columnsPerGroup
    // The last group that does not begin behind the index.
    while low < high {
      let middle = (low + high) / 2
      if Int((groups + middle * 8).loadUnaligned(as: UInt32.self)) <= index {
        low = middle + 1
      } else {
        high = middle
      }
    }
    guard low > 0 else { return nil }
    let group = low - 1
    let entry = groups + group * 8
    var columns = HotColumns(
      at: bytes + columnsOffset + Int((entry + 4).loadUnaligned(as: UInt32.self)),
      count: min(Self.columnsPerGroup, columnCount - group * Self.columnsPerGroup),
      frameCount: frameCount,
      firstIndex: Int(entry.loadUnaligned(as: UInt32.self))
    )
    return columns.first(index)
  }
}
