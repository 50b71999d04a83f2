/// A reader's place in one `HotStore`: which series it wants, and how far it has read. It carries the
/// values of its series as of that place, so reading on costs what changed since, and no more.
///
/// A cursor belongs to one store.
public struct HotCursor: Sendable {
  /// The series wanted, in the order in which frames show them.
  public private(set) var indexes: [Int]
  /// The ordinal of the frame to be read next.
  public private(set) var nextOrdinal: Int

  /// Where a series index stands in `indexes`; -1: not wanted.
  private var positions: [Int32] = []
  private var values: [Int64] = []
  private var present: [Bool] = []
  /// Whether `values` and `present` are those just before `nextOrdinal`.
  private(set) var isSettled = false

  /// A reader of the series `indexes`, each named once, from the frame `nextOrdinal` on. Naming series
  /// that are not there yet is fine: they are absent until they come.
  public init(indexes: [Int], nextOrdinal: Int = 0) {
    self.indexes = []
    self.nextOrdinal = nextOrdinal
    select(indexes)
  }

  /// Wants other series from here on.
  public mutating func select(_ newIndexes: [Int]) {
    indexes = newIndexes
    let highest = indexes.lazy.filter { $0 < HotLimits.highestSeriesCount }.max() ?? -1
    positions = Array(repeating: -1, count: highest + 1)
    for (position, index) in indexes.enumerated() where positions.indices.contains(index) {
      positions[index] = Int32(truncatingIfNeeded: position)
    }
    isSettled = false
  }

  /// Reads on from the frame `ordinal`.
  public mutating func move(to ordinal: Int) {
    if ordinal != nextOrdinal { isSettled = false }
    nextOrdinal = ordinal
  }

  /// Gives `body` the state to work on, as it is just before the frame that is read next. `body` answers
  /// how many frames it moved the state forward.
  mutating func advance(_ body: (HotSelection) -> Int) {
    let moved = withSelection(body)
    nextOrdinal += moved
  }

  /// Has `body` bring the state from the newest frame's to that of this cursor's place.
  mutating func settle(from latest: borrowing LatestValues, _ body: (HotSelection) -> Void) {
    values = indexes.map { latest.holds($0) ? latest.values[$0] : 0 }
    present = indexes.map { latest.has($0) }
    withSelection(body)
    isSettled = true
  }

  private mutating func withSelection<Result>(_ body: (HotSelection) -> Result) -> Result {
    let indexes = indexes
    return positions.withUnsafeBufferPointer { positions in
      values.withUnsafeMutableBufferPointer { values in
        present.withUnsafeMutableBufferPointer { present in
          body(HotSelection(indexes: indexes, positions: positions, values: values, present: present))
        }
      }
    }
  }
}

/// The series of a cursor and their values at one moment, to be moved forward or back.
struct HotSelection {
  let indexes: [Int]
  let positions: UnsafeBufferPointer<Int32>
  let values: UnsafeMutableBufferPointer<Int64>
  let present: UnsafeMutableBufferPointer<Bool>

  /// Where the series stands in the selection; nil: it is not in it.
  @inline(__always)
  func position(of index: Int) -> Int? {
    guard index < positions.count else { return nil }
    let position = Int(positions[index])
    return position < 0 ? nil : position
  }

  /// Calls `body` for each column of the block that is selected.
  @inline(__always)
  func forEachColumn(of block: HotBlock, _ body: (_ position: Int, _ column: HotColumn) -> Void) {
    // Finding one column costs about as much as walking over a dozen.
    if indexes.count * 12 < block.columnCount {
      for (position, index) in indexes.enumerated() {
        if let column = block.column(of: index) { body(position, column) }
      }
    } else {
      var columns = block.columns
      while let column = columns.next() {
        if let position = position(of: column.index) { body(position, column) }
      }
    }
  }

  func frame(ordinal: Int, timeMicroseconds: Int64) -> HotFrame {
    HotFrame(
      ordinal: ordinal, timeMicroseconds: timeMicroseconds, values: UnsafeBufferPointer(values),
      present: UnsafeBufferPointer(present))
  }
}
