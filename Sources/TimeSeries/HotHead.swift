/// The newest frames, up to 64, as they came: row by row.
///
/// Two byte streams grow with each changed series, so that looking for one series does not have to
/// read values:
///
///     entries  1 byte: high half the bytes of the delta, 0-8; low half the distance from the index
///              after the previous one (a row starts at 0), 0-13; or 14, and the distance follows in
///              1 byte; or 15, and the index itself follows in 4 bytes
///     deltas   zigzag of (new value - previous value), little end first, without its leading zeros
///
/// and, beside them, a list of the rare appearances and disappearances. An index may come twice in a
/// row; both deltas count.
struct HotHead: ~Copyable, Sendable {
  /// Frames of a block, and bits of its masks.
  static let maximumFrames = 64
  /// What a change takes at most in each stream.
  static let maximumEntryBytes = 5
  static let maximumDeltaBytes = 8
  static let byteDistance: UInt8 = 14
  static let wholeIndex: UInt8 = 15

  /// Where a row ends in both streams.
  struct Row {
    var timeMicroseconds: Int64
    var entriesEnd: UInt32
    var deltasEnd: UInt32
  }

  /// A series that came to be, or ceased to be, in a row.
  struct Toggle {
    var index: UInt32
    var row: UInt8
    var appeared: Bool
  }

  private(set) var entries = RawStorage(capacity: 512)
  private(set) var deltas = RawStorage(capacity: 512)
  private var rowStorage = RawStorage(capacity: maximumFrames * MemoryLayout<Row>.stride)
  private(set) var toggles: [Toggle] = []
  private(set) var frameCount = 0
  private(set) var firstOrdinal = 0
  /// Present series, summed over the frames.
  private(set) var sampleCount = 0
  private var entryBytes = 0
  private var deltaBytes = 0

  @inline(__always)
  var rows: UnsafeMutablePointer<Row> { rowStorage.base.assumingMemoryBound(to: Row.self) }

  /// Bytes that frames take.
  var usedBytes: Int { entryBytes + deltaBytes + toggles.count * MemoryLayout<Toggle>.stride }

  /// Bytes that are allocated.
  var bytes: Int {
    entries.capacity + deltas.capacity + rowStorage.capacity
      + toggles.capacity * MemoryLayout<Toggle>.stride
  }

  /// Appends a row; there must be fewer than `maximumFrames`. Answers how many changes were refused
  /// because of their index.
  mutating func append(
    timeMicroseconds: Int64, changes: UnsafeBufferPointer<HotChange>, gone: UnsafeBufferPointer<UInt32>,
    latest: inout LatestValues, maximumSeries: Int
  ) -> Int {
    entries.reserve(entryBytes + changes.count * Self.maximumEntryBytes)
    deltas.reserve(deltaBytes + (changes.count + 1) * Self.maximumDeltaBytes)
    let firstToggle = toggles.count
    let refused = latest.hasAll(changes) ? 0 : admit(changes, to: &latest, maximumSeries: maximumSeries)
    write(changes, to: latest)
    for toggle in toggles[firstToggle...] { latest.presence[Int(toggle.index)] = .present }
    remove(gone, from: &latest)
    rows[frameCount] = Row(
      timeMicroseconds: timeMicroseconds,
      entriesEnd: UInt32(truncatingIfNeeded: entryBytes), deltasEnd: UInt32(truncatingIfNeeded: deltaBytes))
    frameCount += 1
    sampleCount += latest.presentCount
    return refused
  }

  /// Forgets all rows; the next one has the ordinal `ordinal`.
  mutating func removeAll(nextOrdinal ordinal: Int) {
    entries.shrink(used: entryBytes)
    deltas.shrink(used: deltaBytes)
    toggles.removeAll(keepingCapacity: toggles.count <= 16)
    frameCount = 0
    firstOrdinal = ordinal
    sampleCount = 0
    entryBytes = 0
    deltaBytes = 0
  }

  /// Makes the series present that are changed and were absent. Kept apart from writing, where it would
  /// cost registers and happens nearly never.
  private mutating func admit(
    _ changes: UnsafeBufferPointer<HotChange>, to latest: inout LatestValues, maximumSeries: Int
  ) -> Int {
    var refused = 0
    for change in changes {
      let slot = Int(change.index)
      if slot < latest.count, latest.presence[slot] != .absent { continue }
      if slot >= maximumSeries {
        refused += 1
        continue
      }
      latest.grow(to: slot + 1)
      latest.presence[slot] = .appearing
      latest.presentCount += 1
      toggles.append(
        Toggle(index: change.index, row: UInt8(truncatingIfNeeded: frameCount), appeared: true))
    }
    return refused
  }

  private mutating func write(_ changes: UnsafeBufferPointer<HotChange>, to latest: borrowing LatestValues) {
    var entryOut = entries.base + entryBytes
    var deltaOut = deltas.base + deltaBytes
    var expected: UInt32 = 0
    let values = latest.values
    let presence = latest.presence
    let count = latest.count
    for change in changes {
      let slot = Int(change.index)
      // Refused.
      if slot >= count { continue }
      let delta = (change.raw &- values[slot]).zigzag
      if delta == 0 {
        if presence[slot] == .present { continue }
        presence[slot] = .present
      }
      values[slot] = change.raw
      let length = 8 &- delta.leadingZeroBitCount &>> 3
      deltaOut.storeBytes(of: delta, as: UInt64.self)
      deltaOut += length
      let distance = change.index &- expected
      let high = UInt8(truncatingIfNeeded: length &<< 4)
      if distance < UInt32(Self.byteDistance) {
        entryOut.storeBytes(of: high | UInt8(truncatingIfNeeded: distance), as: UInt8.self)
        entryOut += 1
      } else if distance < 256 {
        entryOut.storeBytes(of: high | Self.byteDistance, as: UInt8.self)
        (entryOut + 1).storeBytes(of: UInt8(truncatingIfNeeded: distance), as: UInt8.self)
        entryOut += 2
      } else {
        entryOut.storeBytes(of: high | Self.wholeIndex, as: UInt8.self)
        (entryOut + 1).storeBytes(of: change.index, as: UInt32.self)
        entryOut += 5
      }
      expected = change.index &+ 1
    }
    entryBytes = entryOut - entries.base
    deltaBytes = deltaOut - deltas.base
  }

  private mutating func remove(_ gone: UnsafeBufferPointer<UInt32>, from latest: inout LatestValues) {
    for index in gone where latest.has(Int(index)) {
      latest.presence[Int(index)] = .absent
      latest.presentCount -= 1
      toggles.append(Toggle(index: index, row: UInt8(truncatingIfNeeded: frameCount), appeared: false))
    }
  }
}
