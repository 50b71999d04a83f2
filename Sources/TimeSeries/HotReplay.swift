/// The selected columns of one block as a sequence of frames again.
struct HotReplay {
  private struct Track {
    let position: Int
    let changed: UInt64
    let gone: UInt64
    /// Its next delta.
    var next: Int
  }

  private let block: HotBlock
  private var tracks: [Track] = []
  private var deltas: [Int64] = []
  private let times: [Int64]

  /// The block's frames from `row` on.
  init(_ block: HotBlock, selection: HotSelection, from row: Int) {
    self.block = block
    times = [Int64](unsafeUninitializedCapacity: block.frameCount) { buffer, count in
      block.readTimes(into: buffer.baseAddress!)
      count = block.frameCount
    }
    let before = HotColumn.mask(below: row)
    var tracks: [Track] = []
    var wanted = 0
    selection.forEachColumn(of: block) { position, column in
      tracks.append(
        Track(
          position: position, changed: column.changed, gone: column.gone,
          next: wanted + (column.changed & before).nonzeroBitCount))
      wanted += column.changeCount
    }
    deltas = [Int64](unsafeUninitializedCapacity: wanted) { buffer, count in
      guard var out = buffer.baseAddress else { return }
      selection.forEachColumn(of: block) { _, column in
        column.readDeltas(into: out)
        out += column.changeCount
      }
      count = wanted
    }
    self.tracks = tracks
  }

  /// Moves `selection` over the rows, one by one.
  mutating func run(
    _ rows: Range<Int>, moving selection: HotSelection, _ body: (borrowing HotFrame) -> Void
  ) {
    let block = block
    deltas.withUnsafeBufferPointer { deltas in
      times.withUnsafeBufferPointer { times in
        tracks.withUnsafeMutableBufferPointer { tracks in
          for row in rows {
            Self.apply(row, tracks, deltas, to: selection)
            body(selection.frame(ordinal: block.firstOrdinal + row, timeMicroseconds: times[row]))
          }
        }
      }
    }
  }

  @inline(__always)
  private static func apply(
    _ row: Int, _ tracks: UnsafeMutableBufferPointer<Track>, _ deltas: UnsafeBufferPointer<Int64>,
    to selection: HotSelection
  ) {
    let bit: UInt64 = 1 &<< UInt64(row)
    for i in tracks.indices {
      if tracks[i].changed & bit != 0 {
        selection.values[tracks[i].position] &+= deltas[tracks[i].next]
        selection.present[tracks[i].position] = true
        tracks[i].next &+= 1
      }
      if tracks[i].gone & bit != 0 { selection.present[tracks[i].position] = false }
    }
  }
}

extension HotBlock {
  /// Moves `selection` back from the block's end to just before its row `row`.
  func undo(from row: Int, moving selection: HotSelection) {
    let before = HotColumn.mask(below: row)
    withUnsafeTemporaryAllocation(of: Int64.self, capacity: HotHead.maximumFrames) { deltas in
      let deltas = deltas.baseAddress!
      selection.forEachColumn(of: self) { position, column in
        column.readDeltas(into: deltas)
        var total: Int64 = 0
        for i in (column.changed & before).nonzeroBitCount..<column.changeCount { total &+= deltas[i] }
        selection.values[position] &-= total
        selection.present[position] = column.isPresent(before: row)
      }
    }
  }
}

extension HotHead {
  /// Moves `selection` back from the newest frame to just before the row `row`.
  func undo(from row: Int, moving selection: HotSelection) {
    for row in row..<frameCount {
      forEachChange(row: row, in: selection) { position, delta in selection.values[position] &-= delta }
    }
    for toggle in toggles.reversed() where Int(toggle.row) >= row {
      if let position = selection.position(of: Int(toggle.index)) {
        selection.present[position] = !toggle.appeared
      }
    }
  }

  /// Moves `selection` over the rows, one by one.
  func replay(
    _ rows: Range<Int>, moving selection: HotSelection, _ body: (borrowing HotFrame) -> Void
  ) {
    var toggle = toggles.firstIndex { Int($0.row) >= rows.lowerBound } ?? toggles.count
    for row in rows {
      forEachChange(row: row, in: selection) { position, delta in selection.values[position] &+= delta }
      while toggle < toggles.count, Int(toggles[toggle].row) == row {
        if let position = selection.position(of: Int(toggles[toggle].index)) {
          selection.present[position] = toggles[toggle].appeared
        }
        toggle += 1
      }
      body(
        selection.frame(ordinal: firstOrdinal + row, timeMicroseconds: self.rows[row].timeMicroseconds))
    }
  }

  @inline(__always)
  private func forEachChange(
    row: Int, in selection: HotSelection, _ body: (_ position: Int, _ delta: Int64) -> Void
  ) {
    var changes = HotRow(self, row)
    while let (index, delta) = changes.next() {
      if let position = selection.position(of: index) { body(position, delta.value) }
    }
  }
}
