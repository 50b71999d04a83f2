/// What a stream has said so far, without the names: type, presence and value of each series. Collector and
/// aggregator hold the same table; a frame is the way from one to the next.
///
/// Deltas wrap around on both sides, so that every Int64 can be reached from every other. An absent series
/// has the value 0.
struct SeriesTable {
  typealias Change = DecodedFrame.Change

  struct Traits: OptionSet {
    let rawValue: UInt8
    static let double = Traits(rawValue: 1)
    static let present = Traits(rawValue: 2)
  }

  /// What the next delta of each series counts from.
  private(set) var values: [Int64] = []
  private(set) var traits: [Traits] = []
  private(set) var presentCount = 0

  var count: Int { values.count }

  /// The value of a series; nil: absent, or not described.
  func raw(_ index: Int) -> Int64? {
    traits.indices.contains(index) && traits[index].contains(.present) ? values[index] : nil
  }

  /// The next series is described; it is absent.
  mutating func describe(_ type: ValueType) {
    values.append(0)
    traits.append(type == .double ? .double : [])
  }

  /// Forgets the last descriptions, of series that are still absent.
  mutating func undescribe(to count: Int) {
    values.removeLast(values.count - count)
    traits.removeLast(traits.count - count)
  }

  /// Goes on to these values and lists what is new. Both buffers hold `count` elements.
  mutating func advance(
    to newValues: UnsafeBufferPointer<Int64>, _ present: UnsafeBufferPointer<Bool>,
    listing columns: inout FrameColumns
  ) {
    // The one loop over all series of a frame: the unchanged ones, which are most, must cost next to nothing.
    values.withUnsafeMutableBufferPointer { values in
      traits.withUnsafeMutableBufferPointer { traits in
        for index in 0..<values.count {
          let known = traits[index]
          if !present[index] {
            if known.contains(.present) { columns.add(gone: index) }
            values[index] = 0
            traits[index].remove(.present)
            continue
          }
          let value = newValues[index]
          if value == values[index], known.contains(.present) { continue }
          if known.contains(.double) {
            columns.add(index, double: value)
          } else {
            columns.add(index, delta: value &- values[index])
          }
          if !known.contains(.present) { columns.countAppeared() }
          values[index] = value
          traits[index].insert(.present)
        }
      }
    }
    presentCount += columns.appearedCount - columns.goneCount
  }

  /// Lists everything, as if nothing had been said.
  func listAll(in columns: inout FrameColumns) {
    for index in 0..<count {
      let traits = traits[index]
      if !traits.contains(.present) {
        columns.add(gone: index)
      } else if traits.contains(.double) {
        columns.add(index, double: values[index])
      } else {
        columns.add(index, delta: values[index])
      }
    }
  }

  /// Goes on by what `FrameReader` found valid.
  mutating func commit(_ changes: UnsafeBufferPointer<Change>, gone: UnsafeBufferPointer<UInt32>) {
    presentCount += values.withUnsafeMutableBufferPointer { values in
      traits.withUnsafeMutableBufferPointer { traits in
        var appeared = 0
        for change in changes {
          let index = Int(change.index)
          values[index] = change.raw
          if traits[index].contains(.present) { continue }
          traits[index].insert(.present)
          appeared += 1
        }
        return appeared
      }
    }
    for index in gone { remove(Int(index)) }
  }

  @inline(__always)
  private mutating func remove(_ index: Int) {
    if traits[index].contains(.present) {
      traits[index].remove(.present)
      values[index] = 0
      presentCount -= 1
    }
  }
}
