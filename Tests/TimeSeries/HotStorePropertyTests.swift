import Testing
import TimeSeries

/// HotStore against NaiveStore, over whatever a seed comes up with.
@Suite struct HotStorePropertyTests {
  /// How a run behaves: each field is a probability per frame or per series, unless said otherwise.
  struct Manner: Sendable, CustomStringConvertible {
    var description: String
    var series = 40
    var changing = 0.25
    var appearing = 0.01
    var vanishing = 0.01
    var wild = 0.02
    var shuffled = 0.1
    var burst = 0.02
    var steppingBack = 0.01
    var jumping = 0.005
    var limits = HotLimits(retentionMicroseconds: 200_000_000)
  }

  static let manners: [Manner] = [
    Manner(description: "ordinary"),
    Manner(description: "still", changing: 0.001, appearing: 0, vanishing: 0.0005, burst: 0),
    Manner(description: "restless", changing: 1, wild: 0.3),
    Manner(description: "flapping", changing: 0.3, appearing: 0.3, vanishing: 0.3),
    Manner(description: "broken clock", steppingBack: 0.4, jumping: 0.1),
    Manner(
      description: "little memory", changing: 0.6, burst: 0.1,
      limits: HotLimits(retentionMicroseconds: 900_000_000, maximumBytes: 9000, maximumSeries: 35)),
    Manner(
      description: "short retention", limits: HotLimits(retentionMicroseconds: 7_000_000)),
    Manner(description: "no retention", limits: HotLimits(retentionMicroseconds: 0)),
    Manner(
      description: "many series", series: 1500, changing: 0.05, wild: 0.001,
      limits: HotLimits(retentionMicroseconds: 100_000_000)),
  ]

  @Test(arguments: manners, [1, 2, 3] as [UInt64])
  func readsAnswerAsTheModelDoes(_ manner: Manner, _ seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var store = HotStore(limits: manner.limits)
    var model = NaiveStore()
    var values = [Int64](repeating: 0, count: manner.series)
    var tail = HotCursor(indexes: Array(stride(from: 0, to: manner.series + 10, by: 3)))
    var tailNext = 0
    var time: Int64 = 1_763_000_000_000_000
    for step in 0..<(manner.series > 100 ? 300 : 700) {
      time = nextTime(after: time, manner, &random)
      let (changes, gone) = nextFrame(&values, first: step == 0, manner, &random)
      let ordinal = store.append(time, changes, gone: gone)
      #expect(ordinal == model.nextOrdinal)
      model.append(time: time, changes: changes, gone: gone, maximumSeries: manner.limits.maximumSeries)
      model.drop(before: store.oldestOrdinal)
      checkSums(store, model)
      if random.chance(0.2) { checkTail(store, model, &tail, &tailNext, &random) }
      if random.chance(0.02) { checkReads(store, model, manner, &random) }
    }
    checkReads(store, model, manner, &random)
    let counters = store.counters
    #expect(counters.framesAppended == model.nextOrdinal)
    #expect(counters.framesExpired + counters.framesEvicted + store.frameCount == model.nextOrdinal)
  }

  private func nextTime(after time: Int64, _ manner: Manner, _ random: inout SeededGenerator) -> Int64 {
    if random.chance(manner.steppingBack) { return time - Int64.random(in: 1...90_000_000, using: &random) }
    if random.chance(manner.jumping) { return time + Int64.random(in: 1...90_000_000, using: &random) }
    return time + 1_000_000 + Int64.random(in: -200...200, using: &random)
  }

  private func nextFrame(
    _ values: inout [Int64], first: Bool, _ manner: Manner, _ random: inout SeededGenerator
  ) -> (changes: [HotChange], gone: [UInt32]) {
    let changing = random.chance(manner.burst) ? 1 : manner.changing
    var changes: [HotChange] = []
    var gone: [UInt32] = []
    for index in values.indices {
      if random.chance(manner.vanishing) { gone.append(UInt32(index)) }
      guard first && index % 4 != 0 || random.chance(changing * (index % 4 == 0 ? manner.appearing : 1))
      else { continue }
      if random.chance(manner.wild) {
        values[index] = Int64(bitPattern: random.next())
      } else if index % 3 == 0 {
        values[index] &+= 100
      } else {
        values[index] &+= Int64.random(in: -40...4000, using: &random)
      }
      changes.append(HotChange(index: UInt32(index), raw: values[index]))
      if random.chance(0.001) { changes.append(HotChange(index: UInt32(index), raw: values[index] &+ 7)) }
    }
    if random.chance(manner.shuffled) {
      // The last change of an index counts, so an index that comes twice must agree with itself.
      changes.shuffle(using: &random)
    }
    for change in changes { values[Int(change.index)] = change.raw }
    return (changes, gone)
  }

  private func checkSums(_ store: borrowing HotStore, _ model: NaiveStore) {
    #expect(store.frameCount == model.frames.count)
    #expect(store.nextOrdinal == model.nextOrdinal)
    #expect(store.newestTime == model.frames.last?.time)
    #expect(store.oldestTime == model.frames.first?.time)
    #expect(store.seriesCount == model.values.count)
    let present = model.values.count { $0 != nil }
    #expect(store.presentCount == present)
  }

  private func checkTail(
    _ store: borrowing HotStore, _ model: NaiveStore, _ tail: inout HotCursor, _ next: inout Int,
    _ random: inout SeededGenerator
  ) {
    let most = random.chance(0.5) ? Int.max : Int.random(in: 0...90, using: &random)
    let oldest = store.oldestOrdinal
    let (skipped, rows) = store.next(&tail, maximumFrames: most)
    #expect(skipped == max(0, oldest - next))
    let expected = model.rows(of: tail.indexes).filter { $0.ordinal >= next }.prefix(most)
    #expect(rows == Array(expected))
    next = max(next, oldest) + expected.count
    #expect(tail.nextOrdinal == next)
  }

  private func checkReads(
    _ store: borrowing HotStore, _ model: NaiveStore, _ manner: Manner, _ random: inout SeededGenerator
  ) {
    let times = model.frames.map(\.time)
    let around = (times.min() ?? 0) - 2_000_000...(times.max() ?? 0) + 2_000_000
    for _ in 0..<4 {
      let from = random.chance(0.3) ? .min : Int64.random(in: around, using: &random)
      let through = random.chance(0.3) ? .max : Int64.random(in: around, using: &random)
      for index in [0, 1, 2, 3, Int.random(in: 0..<manner.series, using: &random), manner.series, -1] {
        let expected = index < 0 ? [] : model.samples(of: index, from: from, through: through)
        #expect(store.samples(index, from: from, through: through) == expected)
      }
      let some = (0..<manner.series + 3).filter { _ in random.chance(0.05) }.shuffled(using: &random)
      let all = Array(0..<manner.series)
      for indexes in [some, all, [], [1]] {
        #expect(
          store.rows(indexes, from: from, through: through)
            == model.rows(of: indexes, from: from, through: through))
      }
      let expected = model.frames.first { $0.time >= from }?.ordinal ?? model.nextOrdinal
      #expect(store.firstOrdinal(notBefore: from) == expected)
    }
    for index in 0..<manner.series {
      #expect(store.latest(index) == (index < model.values.count ? model.values[index] : nil))
    }
    let samples = model.frames.reduce(0) { $0 + $1.values.count { $0 != nil } }
    #expect(store.sampleCount == samples)
  }
}
