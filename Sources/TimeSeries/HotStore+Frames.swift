extension HotStore {
  /// Hands out the frames from the cursor's place on, at most `maximumFrames` of them, and moves the
  /// cursor behind the last one. Every frame shows all series of the cursor, changed or not.
  ///
  /// To follow a host, keep the cursor and call this again when there are new frames: one new frame
  /// costs about as much as it has changes.
  /// - Returns: frames that the cursor had not read and that are not held any more. They are left out
  ///   before the first frame handed out.
  @discardableResult
  public func advance(
    _ cursor: inout HotCursor, maximumFrames: Int = .max, _ body: (borrowing HotFrame) -> Void
  ) -> Int {
    let skipped = max(0, oldestOrdinal - cursor.nextOrdinal)
    cursor.move(to: min(max(cursor.nextOrdinal, oldestOrdinal), nextOrdinal))
    var left = min(maximumFrames, nextOrdinal - cursor.nextOrdinal)
    guard left > 0 else { return skipped }
    if !cursor.isSettled { settle(&cursor) }

    var block = blocks.firstIndex { $0.nextOrdinal > cursor.nextOrdinal } ?? blocks.count
    while left > 0 {
      let first = cursor.nextOrdinal
      cursor.advance { selection in
        if block == blocks.count {
          let start = first - head.firstOrdinal
          head.replay(start..<start + left, moving: selection, body)
          return left
        }
        let start = first - blocks[block].firstOrdinal
        let end = min(blocks[block].frameCount, start + left)
        var replay = HotReplay(blocks[block], selection: selection, from: start)
        replay.run(start..<end, moving: selection, body)
        return end - start
      }
      left -= cursor.nextOrdinal - first
      block += 1
    }
    return skipped
  }

  /// Hands out every held frame whose time is within `from...through` (microseconds since 1970), in the
  /// order they were appended, with the series `indexes`, each named once.
  public func frames(
    of indexes: [Int], from: Int64 = .min, through: Int64 = .max, _ body: (borrowing HotFrame) -> Void
  ) {
    let relevant = blocks.indices.filter { blocks[$0].overlaps(from, through) }
    let headIsRelevant = head.firstRow { $0 >= from && $0 <= through } != nil
    guard headIsRelevant || !relevant.isEmpty else { return }
    let start = relevant.first.map { blocks[$0].firstOrdinal } ?? head.firstOrdinal
    let end = headIsRelevant ? nextOrdinal : relevant.last.map { blocks[$0].nextOrdinal } ?? start
    var cursor = HotCursor(indexes: indexes, nextOrdinal: start)
    advance(&cursor, maximumFrames: end - start) { frame in
      if frame.timeMicroseconds >= from && frame.timeMicroseconds <= through { body(frame) }
    }
  }

  /// The ordinal of the first frame held, in order of appending, whose time is not before `time`
  /// (microseconds since 1970); `nextOrdinal` when there is none.
  public func firstOrdinal(notBefore time: Int64) -> Int {
    for block in blocks where block.highestTime >= time {
      let row = withUnsafeTemporaryAllocation(of: Int64.self, capacity: HotHead.maximumFrames) { times in
        block.readTimes(into: times.baseAddress!)
        return times[..<block.frameCount].firstIndex { $0 >= time } ?? 0
      }
      return block.firstOrdinal + row
    }
    return head.firstOrdinal + (head.firstRow { $0 >= time } ?? head.frameCount)
  }

  /// Computes the values of the cursor's series just before its place, from the newest ones back.
  private func settle(_ cursor: inout HotCursor) {
    let ordinal = cursor.nextOrdinal
    cursor.settle(from: latest) { selection in
      head.undo(from: max(0, ordinal - head.firstOrdinal), moving: selection)
      for block in blocks.reversed() where block.nextOrdinal > ordinal {
        block.undo(from: max(0, ordinal - block.firstOrdinal), moving: selection)
      }
    }
  }
}

extension HotBlock {
  /// Whether any of the times may lie within `from...through`.
  func overlaps(_ from: Int64, _ through: Int64) -> Bool { highestTime >= from && lowestTime <= through }
}

extension HotHead {
  /// The first row whose time passes the test.
  func firstRow(where test: (Int64) -> Bool) -> Int? {
    (0..<frameCount).first { test(rows[$0].timeMicroseconds) }
  }
}
