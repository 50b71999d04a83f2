/// What happened to one series within a block.
///
///     gap      PrefixVarint: index - previous column's index (the first: the index)
///     length   PrefixVarint: bytes that follow
///     form     1 byte: bits 0-3 how rows are given; 4: a gone mask follows; 5: deltas are packed;
///              6: present before the block's first frame
///     rows     form 0-7: that many rows, 1 byte each; 8: a mask, 8 bytes; 9: all rows, no byte
///     gone     8 bytes, only with bit 4: mask of the rows in which the series vanished
///     deltas   one per row with a change: zigzag PrefixVarints; or, packed: zigzag PrefixVarint of the
///              smallest, 1 byte of width, and each one's distance from the smallest (see BitPacking)
///
/// Bit n of a mask is row n. A row may have both a change and a disappearance; the latter is last.
struct HotColumn {
  static let listedRows = 8
  static let formMask: UInt8 = 8
  static let formAll: UInt8 = 9
  static let hasGone: UInt8 = 1 << 4
  static let isPacked: UInt8 = 1 << 5
  static let startsPresent: UInt8 = 1 << 6

  let index: Int
  let changed: UInt64
  let gone: UInt64
  let presentAtStart: Bool
  let changeCount: Int
  private let packed: Bool
  private let deltas: UnsafeRawPointer

  /// Reads a column's body.
  @inline(__always)
  init(index: Int, at start: UnsafeRawPointer, frameCount: Int) {
    self.index = index
    let form = start.load(as: UInt8.self)
    var pointer = start + 1
    switch form & 15 {
    case Self.formMask:
      changed = pointer.loadUnaligned(as: UInt64.self)
      changeCount = changed.nonzeroBitCount
      pointer += 8
    case Self.formAll:
      changed = Self.mask(below: frameCount)
      changeCount = frameCount
    case let count:
      var mask: UInt64 = 0
      for i in 0..<Int(count) { mask |= 1 &<< UInt64((pointer + i).load(as: UInt8.self)) }
      changed = mask
      changeCount = Int(count)
      pointer += Int(count)
    }
    if form & Self.hasGone != 0 {
      gone = pointer.loadUnaligned(as: UInt64.self)
      pointer += 8
    } else {
      gone = 0
    }
    presentAtStart = form & Self.startsPresent != 0
    packed = form & Self.isPacked != 0
    deltas = pointer
  }

  /// Writes the changes in order, `changeCount` of them.
  @inline(__always)
  func readDeltas(into out: UnsafeMutablePointer<Int64>) {
    var pointer = deltas
    if packed {
      let base = Int64(zigzag: PrefixVarint.read(&pointer))
      let width = Int(pointer.load(as: UInt8.self))
      BitPacking.read(pointer + 1, count: changeCount, base: base, width: width, into: out)
    } else {
      for i in 0..<changeCount { out[i] = Int64(zigzag: PrefixVarint.read(&pointer)) }
    }
  }

  /// Whether the series was there just before row `row`.
  func isPresent(before row: Int) -> Bool {
    let before = Self.mask(below: row)
    let lastChange = (changed & before).leadingZeroBitCount
    let lastGone = (gone & before).leadingZeroBitCount
    if lastChange == 64 && lastGone == 64 { return presentAtStart }
    return lastChange < lastGone
  }

  /// The lowest `count` bits, 0 to 64 of them.
  @inline(__always)
  static func mask(below count: Int) -> UInt64 { count >= 64 ? .max : (1 &<< UInt64(count)) &- 1 }
}

/// Columns one after the other.
struct HotColumns {
  private var pointer: UnsafeRawPointer
  private var left: Int
  private let frameCount: Int
  private var index = 0
  /// The index of the first column, where it is known better than by its gap.
  private var knownIndex: Int?

  init(at pointer: UnsafeRawPointer, count: Int, frameCount: Int, firstIndex: Int? = nil) {
    self.pointer = pointer
    left = count
    self.frameCount = frameCount
    knownIndex = firstIndex
  }

  @inline(__always)
  mutating func next() -> HotColumn? {
    guard let body = nextBody() else { return nil }
    return HotColumn(index: index, at: body, frameCount: frameCount)
  }

  /// The column of the series `wanted`, if it is among them.
  mutating func first(_ wanted: Int) -> HotColumn? {
    while let body = nextBody() {
      if index == wanted { return HotColumn(index: index, at: body, frameCount: frameCount) }
      if index > wanted { return nil }
    }
    return nil
  }

  @inline(__always)
  private mutating func nextBody() -> UnsafeRawPointer? {
    if left == 0 { return nil }
    left &-= 1
    let gap = Int(PrefixVarint.read(&pointer))
    index = knownIndex ?? (index &+ gap)
    knownIndex = nil
    let length = Int(PrefixVarint.read(&pointer))
    let body = pointer
    pointer += length
    return body
  }
}
