/// The changes of one row of a head, one after the other.
struct HotRow {
  private var entry: UnsafeRawPointer
  private let end: UnsafeRawPointer
  private var delta: UnsafeRawPointer
  private var expected: UInt32 = 0

  @inline(__always)
  init(_ head: borrowing HotHead, _ row: Int) {
    let before =
      row == 0 ? HotHead.Row(timeMicroseconds: 0, entriesEnd: 0, deltasEnd: 0) : head.rows[row - 1]
    entry = UnsafeRawPointer(head.entries.base) + Int(before.entriesEnd)
    end = UnsafeRawPointer(head.entries.base) + Int(head.rows[row].entriesEnd)
    delta = UnsafeRawPointer(head.deltas.base) + Int(before.deltasEnd)
  }

  /// Where to find the delta of a change.
  struct Delta {
    fileprivate let pointer: UnsafeRawPointer
    fileprivate let length: Int

    @inline(__always)
    var value: Int64 {
      let word = pointer.loadUnaligned(as: UInt64.self)
      // A shift by 64 would be one by 0.
      let bits = UInt64(truncatingIfNeeded: length &* 8)
      return Int64(zigzag: length == 0 ? 0 : word & (UInt64.max &>> (64 &- bits)))
    }
  }

  @inline(__always)
  mutating func next() -> (index: Int, delta: Delta)? {
    if entry == end { return nil }
    let byte = entry.load(as: UInt8.self)
    entry += 1
    let distance = byte & 15
    var index = expected &+ UInt32(distance)
    if distance >= HotHead.byteDistance {
      if distance == HotHead.byteDistance {
        index = expected &+ UInt32(entry.load(as: UInt8.self))
        entry += 1
      } else {
        index = entry.loadUnaligned(as: UInt32.self)
        entry += 4
      }
    }
    expected = index &+ 1
    let found = Delta(pointer: delta, length: Int(byte &>> 4))
    delta += found.length
    return (Int(index), found)
  }
}
