/// Turns the rows of a head into the columns of a block.
struct HotBlockWriter: ~Copyable {
  /// A series that is in the block: its rows, and where its deltas lie.
  private struct Column {
    var index: Int
    var changed: UInt64
    var gone: UInt64
    var presentAtStart: Bool
    var firstDelta: Int
    var deltaCount: Int
  }

  /// What is gathered per series.
  private struct Series {
    var changed: UInt64 = 0
    var gone: UInt64 = 0
    /// Where its next delta goes.
    var next: UInt32 = 0
    /// Toggles seen, and what the first of them says of the time before.
    var toggled = false
    var wasAbsent = false
  }

  private var out = RawStorage(capacity: 4096)
  private var used = 0

  private init() {}

  /// The frames of `head`, of which there is at least one, as a block. `seriesCount` is more than the
  /// highest index among them.
  static func seal(_ head: borrowing HotHead, seriesCount: Int, elapsed: UInt64) -> HotBlock {
    var writer = HotBlockWriter()
    let times = writer.writeTimes(head)
    let groupsOffset = writer.used
    let series = UnsafeMutablePointer<Series>.allocate(capacity: seriesCount)
    series.initialize(repeating: Series(), count: seriesCount)
    defer { series.deallocate() }
    markRows(of: head, in: series)
    let (columns, places) = layOut(series, count: seriesCount, frameCount: head.frameCount)
    let deltas = UnsafeMutablePointer<Int64>.allocate(capacity: places + 1)
    defer { deltas.deallocate() }
    gatherDeltas(of: head, in: series, into: deltas)
    let columnsOffset = writer.writeColumns(columns, deltas: deltas, frameCount: head.frameCount)

    let byteCount = writer.used + PrefixVarint.slack
    let bytes = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: 8)
    bytes.copyMemory(from: writer.out.base, byteCount: writer.used)
    (bytes + writer.used).initializeMemory(as: UInt8.self, repeating: 0, count: PrefixVarint.slack)
    return HotBlock(
      head: head, elapsed: elapsed, times: times, columnCount: columns.count, bytes: bytes,
      byteCount: byteCount, groupsOffset: groupsOffset, columnsOffset: columnsOffset)
  }

  private mutating func writeTimes(_ head: borrowing HotHead) -> (lowest: Int64, highest: Int64) {
    out.reserve(head.frameCount * PrefixVarint.maximumBytes + PrefixVarint.slack)
    var end = out.base
    var time = head.rows[0].timeMicroseconds
    var bounds = (lowest: time, highest: time)
    var step: Int64 = 0
    for row in 1..<max(1, head.frameCount) {
      let next = head.rows[row].timeMicroseconds
      let nextStep = next &- time
      end = PrefixVarint.write((nextStep &- step).zigzag, to: end)
      step = nextStep
      time = next
      bounds = (min(bounds.lowest, time), max(bounds.highest, time))
    }
    used = end - out.base
    return bounds
  }

  private static func markRows(of head: borrowing HotHead, in series: UnsafeMutablePointer<Series>) {
    for row in 0..<head.frameCount {
      let bit: UInt64 = 1 &<< UInt64(row)
      var changes = HotRow(head, row)
      while let (index, _) = changes.next() { series[index].changed |= bit }
    }
    for toggle in head.toggles {
      let index = Int(toggle.index)
      if !series[index].toggled {
        series[index].toggled = true
        series[index].wasAbsent = toggle.appeared
      }
      if !toggle.appeared { series[index].gone |= 1 &<< UInt64(toggle.row) }
    }
  }

  /// The columns there will be, a place for the deltas of each, and how many places that takes.
  private static func layOut(
    _ series: UnsafeMutablePointer<Series>, count: Int, frameCount: Int
  ) -> (columns: [Column], places: Int) {
    var columns: [Column] = []
    var place = 0
    for index in 0..<count where series[index].changed != 0 || series[index].gone != 0 {
      let changes = series[index].changed.nonzeroBitCount
      columns.append(
        Column(
          index: index, changed: series[index].changed, gone: series[index].gone,
          presentAtStart: !series[index].wasAbsent, firstDelta: place, deltaCount: changes))
      series[index].next = UInt32(truncatingIfNeeded: place)
      place += changes
    }
    return (columns, place)
  }

  private static func gatherDeltas(
    of head: borrowing HotHead, in series: UnsafeMutablePointer<Series>,
    into deltas: UnsafeMutablePointer<Int64>
  ) {
    for row in 0..<head.frameCount {
      let bit: UInt64 = 1 &<< UInt64(row)
      var changes = HotRow(head, row)
      while let (index, found) = changes.next() {
        let delta = found.value
        if series[index].changed & bit != 0 {
          series[index].changed ^= bit
          deltas[Int(series[index].next)] = delta
          series[index].next &+= 1
        } else {
          // The index came twice in this row.
          deltas[Int(series[index].next) - 1] &+= delta
        }
      }
    }
  }

  /// Writes groups and columns; answers where the columns begin.
  private mutating func writeColumns(
    _ columns: [Column], deltas: UnsafePointer<Int64>, frameCount: Int
  ) -> Int {
    let groupCount = (columns.count + HotBlock.columnsPerGroup - 1) / HotBlock.columnsPerGroup
    let groupsOffset = used
    let columnsOffset = used + groupCount * 8
    used = columnsOffset
    var previous = 0
    for (position, column) in columns.enumerated() {
      out.reserve(used + 64 + column.deltaCount * PrefixVarint.maximumBytes)
      if position % HotBlock.columnsPerGroup == 0 {
        let entry = out.base + groupsOffset + position / HotBlock.columnsPerGroup * 8
        entry.storeBytes(of: UInt32(truncatingIfNeeded: column.index), as: UInt32.self)
        (entry + 4).storeBytes(of: UInt32(truncatingIfNeeded: used - columnsOffset), as: UInt32.self)
      }
      let own = UnsafeBufferPointer(start: deltas + column.firstDelta, count: column.deltaCount)
      writeColumn(column, gap: column.index - previous, deltas: own, frameCount: frameCount)
      previous = column.index
    }
    return columnsOffset
  }

  private mutating func writeColumn(
    _ column: Column, gap: Int, deltas: UnsafeBufferPointer<Int64>, frameCount: Int
  ) {
    let coding = DeltaCoding(deltas)
    var form: UInt8 = column.presentAtStart ? HotColumn.startsPresent : 0
    var length = 1 + coding.bytes
    if column.changed == HotColumn.mask(below: frameCount) {
      form |= HotColumn.formAll
    } else if deltas.count < HotColumn.listedRows {
      form |= UInt8(deltas.count)
      length += deltas.count
    } else {
      form |= HotColumn.formMask
      length += 8
    }
    if column.gone != 0 {
      form |= HotColumn.hasGone
      length += 8
    }
    if coding.packed { form |= HotColumn.isPacked }

    var end = PrefixVarint.write(UInt64(gap), to: out.base + used)
    end = PrefixVarint.write(UInt64(length), to: end)
    end.storeBytes(of: form, as: UInt8.self)
    end = Self.writeRows(column.changed, form: form, to: end + 1)
    if column.gone != 0 {
      end.storeBytes(of: column.gone, as: UInt64.self)
      end += 8
    }
    end = coding.write(deltas, to: end)
    used = end - out.base
  }

  private static func writeRows(
    _ changed: UInt64, form: UInt8, to start: UnsafeMutableRawPointer
  ) -> UnsafeMutableRawPointer {
    switch form & 15 {
    case HotColumn.formAll:
      return start
    case HotColumn.formMask:
      start.storeBytes(of: changed, as: UInt64.self)
      return start + 8
    default:
      var end = start
      var rest = changed
      while rest != 0 {
        end.storeBytes(of: UInt8(truncatingIfNeeded: rest.trailingZeroBitCount), as: UInt8.self)
        end += 1
        rest &= rest &- 1
      }
      return end
    }
  }
}
