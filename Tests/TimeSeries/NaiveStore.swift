import TimeSeries

/// What HotStore promises, in the plainest way: every frame holds every series.
struct NaiveStore {
  struct Frame {
    var ordinal: Int
    var time: Int64
    /// By series index; nil: absent.
    var values: [Int64?]
  }

  var frames: [Frame] = []
  var values: [Int64?] = []
  var nextOrdinal = 0

  mutating func append(time: Int64, changes: [HotChange], gone: [UInt32], maximumSeries: Int) {
    for change in changes where change.index < maximumSeries {
      while values.count <= change.index { values.append(nil) }
      values[Int(change.index)] = change.raw
    }
    for index in gone where index < values.count { values[Int(index)] = nil }
    frames.append(Frame(ordinal: nextOrdinal, time: time, values: values))
    nextOrdinal += 1
  }

  /// Forgets what the real one no longer holds.
  mutating func drop(before ordinal: Int) {
    frames.removeAll { $0.ordinal < ordinal }
  }

  func value(_ index: Int, in frame: Frame) -> Int64? {
    index < frame.values.count ? frame.values[index] : nil
  }

  func samples(of index: Int, from: Int64, through: Int64) -> [Sample] {
    frames.filter { $0.time >= from && $0.time <= through }.compactMap { frame in
      value(index, in: frame).map { Sample(time: frame.time, raw: $0) }
    }
  }

  func rows(of indexes: [Int], from: Int64 = .min, through: Int64 = .max) -> [Row] {
    frames.filter { $0.time >= from && $0.time <= through }.map { frame in
      Row(ordinal: frame.ordinal, time: frame.time, values: indexes.map { value($0, in: frame) })
    }
  }
}

struct Sample: Equatable {
  var time: Int64
  var raw: Int64
}

struct Row: Equatable {
  var ordinal: Int
  var time: Int64
  var values: [Int64?]

  init(ordinal: Int, time: Int64, values: [Int64?]) {
    self.ordinal = ordinal
    self.time = time
    self.values = values
  }

  init(_ frame: borrowing HotFrame) {
    ordinal = frame.ordinal
    time = frame.timeMicroseconds
    values = zip(frame.values, frame.present).map { $1 ? $0 : nil }
  }
}

extension HotStore {
  @discardableResult
  mutating func append(_ time: Int64, _ changes: [HotChange], gone: [UInt32] = []) -> Int {
    changes.withUnsafeBufferPointer { changes in
      gone.withUnsafeBufferPointer { gone in
        append(timeMicroseconds: time, changes: changes, gone: gone)
      }
    }
  }

  /// The same with `index: value` pairs.
  @discardableResult
  mutating func append(_ time: Int64, _ changes: KeyValuePairs<UInt32, Int64>, gone: [UInt32] = []) -> Int {
    append(time, changes.map { HotChange(index: $0.key, raw: $0.value) }, gone: gone)
  }

  func samples(_ index: Int, from: Int64 = .min, through: Int64 = .max) -> [Sample] {
    var all: [Sample] = []
    samples(of: index, from: from, through: through) { all.append(Sample(time: $0, raw: $1)) }
    return all
  }

  func rows(_ indexes: [Int], from: Int64 = .min, through: Int64 = .max) -> [Row] {
    var all: [Row] = []
    frames(of: indexes, from: from, through: through) { all.append(Row($0)) }
    return all
  }

  func next(_ cursor: inout HotCursor, maximumFrames: Int = .max) -> (skipped: Int, rows: [Row]) {
    var all: [Row] = []
    let skipped = advance(&cursor, maximumFrames: maximumFrames) { all.append(Row($0)) }
    return (skipped, all)
  }
}

/// SplitMix64: small, seeded, the same everywhere.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  mutating func chance(_ probability: Double) -> Bool { Double.random(in: 0..<1, using: &self) < probability }
}
