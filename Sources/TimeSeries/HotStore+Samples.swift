extension HotStore {
  /// Hands out the samples of one series whose time is within `from...through` (microseconds since
  /// 1970), in the order of appending: one for every frame in which the host had the series.
  public func samples(
    of index: Int, from: Int64 = .min, through: Int64 = .max,
    _ body: (_ timeMicroseconds: Int64, _ raw: Int64) -> Void
  ) {
    guard latest.holds(index) else { return }
    let first = blocks.firstIndex { $0.overlaps(from, through) } ?? blocks.count
    let count = blocks.count - first
    let rows = HotHead.maximumFrames
    withUnsafeTemporaryAllocation(of: HotStretch.self, capacity: count + 1) { stretches in
      withUnsafeTemporaryAllocation(of: Int64.self, capacity: (count + 2) * rows) { memory in
        let values = memory.baseAddress!
        let times = values + (count + 1) * rows
        // From the newest value back: the head, then block before block.
        var later = HotStretch.State(value: latest.values[index], present: latest.has(index))
        stretches[count] = head.stretch(of: index, endingIn: &later, into: values + count * rows)
        for place in (0..<count).reversed() {
          let block = blocks[first + place]
          stretches[place] = block.stretch(of: index, endingIn: &later, into: values + place * rows)
        }
        for place in 0..<count where blocks[first + place].overlaps(from, through) {
          blocks[first + place].readTimes(into: times)
          stretches[place].emit(times, from, through, body)
        }
        for row in 0..<head.frameCount { times[row] = head.rows[row].timeMicroseconds }
        stretches[count].emit(times, from, through, body)
      }
    }
  }
}

/// One series over the frames of a block or head, decoded.
struct HotStretch {
  /// A series between two frames.
  struct State {
    var value: Int64
    var present: Bool
  }

  let frameCount: Int
  /// Bit n: the host had the series in row n.
  let present: UInt64
  /// By row; undefined where not present.
  let values: UnsafePointer<Int64>

  /// A stretch in which nothing happens.
  init(frameCount: Int, constantly state: State, into values: UnsafeMutablePointer<Int64>) {
    self.frameCount = frameCount
    present = state.present ? .max : 0
    if state.present { values.update(repeating: state.value, count: frameCount) }
    self.values = UnsafePointer(values)
  }

  /// A stretch that changed in the rows `changed`, by `deltas` in their order, vanished in the rows
  /// `gone`, and is to end with `later.value`. Leaves the state before it in `later`.
  init(
    frameCount: Int, changed: UInt64, gone: UInt64, presentAtStart: Bool, deltas: UnsafePointer<Int64>,
    endingIn later: inout State, into values: UnsafeMutablePointer<Int64>
  ) {
    self.frameCount = frameCount
    var total: Int64 = 0
    var next = 0
    for row in 0..<frameCount {
      if (changed &>> UInt64(row)) & 1 != 0 {
        total &+= deltas[next]
        next &+= 1
      }
      values[row] = total
    }
    let start = later.value &- total
    for row in 0..<frameCount { values[row] &+= start }
    later = State(value: start, present: presentAtStart)
    present = Self.presence(changed: changed, gone: gone, presentAtStart: presentAtStart)
    self.values = UnsafePointer(values)
  }

  private static func presence(changed: UInt64, gone: UInt64, presentAtStart: Bool) -> UInt64 {
    if gone == 0 { return presentAtStart ? .max : ~((changed & (0 &- changed)) &- 1) }
    var mask: UInt64 = 0
    var present = presentAtStart
    for row in 0..<64 as Range<UInt64> {
      if (changed &>> row) & 1 != 0 { present = true }
      if (gone &>> row) & 1 != 0 { present = false }
      if present { mask |= 1 &<< row }
    }
    return mask
  }

  func emit(
    _ times: UnsafePointer<Int64>, _ from: Int64, _ through: Int64, _ body: (Int64, Int64) -> Void
  ) {
    for row in 0..<frameCount where (present &>> UInt64(row)) & 1 != 0 {
      if times[row] >= from && times[row] <= through { body(times[row], values[row]) }
    }
  }
}

extension HotBlock {
  fileprivate func stretch(
    of index: Int, endingIn later: inout HotStretch.State, into values: UnsafeMutablePointer<Int64>
  ) -> HotStretch {
    guard let column = column(of: index) else {
      return HotStretch(frameCount: frameCount, constantly: later, into: values)
    }
    return withUnsafeTemporaryAllocation(of: Int64.self, capacity: HotHead.maximumFrames) { deltas in
      column.readDeltas(into: deltas.baseAddress!)
      return HotStretch(
        frameCount: frameCount, changed: column.changed, gone: column.gone,
        presentAtStart: column.presentAtStart, deltas: deltas.baseAddress!, endingIn: &later, into: values)
    }
  }
}

extension HotHead {
  fileprivate func stretch(
    of index: Int, endingIn later: inout HotStretch.State, into values: UnsafeMutablePointer<Int64>
  ) -> HotStretch {
    withUnsafeTemporaryAllocation(of: Int64.self, capacity: Self.maximumFrames) { deltas in
      var changed: UInt64 = 0
      var count = 0
      for row in 0..<frameCount {
        guard let delta = delta(of: index, row: row) else { continue }
        changed |= 1 &<< UInt64(row)
        deltas[count] = delta
        count += 1
      }
      var gone: UInt64 = 0
      var presentAtStart = later.present
      for toggle in toggles.reversed() where toggle.index == index {
        presentAtStart = !toggle.appeared
        if !toggle.appeared { gone |= 1 &<< UInt64(toggle.row) }
      }
      return HotStretch(
        frameCount: frameCount, changed: changed, gone: gone, presentAtStart: presentAtStart,
        deltas: deltas.baseAddress!, endingIn: &later, into: values)
    }
  }

  /// By how much the series changed in a row; nil: it did not.
  private func delta(of wanted: Int, row: Int) -> Int64? {
    var changes = HotRow(self, row)
    var total: Int64?
    // To the end of the row: it may come again.
    while let (index, delta) = changes.next() {
      if index == wanted { total = (total ?? 0) &+ delta.value }
    }
    return total
  }
}
