import Testing
import TimeSeries

@Suite struct HotStoreTests {
  static let second: Int64 = 1_000_000

  @Test func emptyStoreAnswersEverythingWithNothing() {
    let store = HotStore()
    #expect(store.frameCount == 0)
    #expect(store.seriesCount == 0)
    #expect(store.sampleCount == 0)
    #expect(store.newestTime == nil)
    #expect(store.oldestTime == nil)
    #expect(store.latest(0) == nil)
    #expect(store.latest(-1) == nil)
    #expect(store.samples(0).isEmpty)
    #expect(store.rows([0, 1]).isEmpty)
    #expect(store.firstOrdinal(notBefore: 0) == 0)
    var cursor = HotCursor(indexes: [0])
    let (skipped, rows) = store.next(&cursor)
    #expect(skipped == 0 && rows.isEmpty)
    #expect(store.byteCount < 4096)
  }

  @Test func unchangedSeriesAreInEveryFrame() {
    var store = HotStore()
    store.append(1, [0: 10, 1: 20])
    store.append(2, [1: 21])
    store.append(3, [:])
    #expect(store.samples(0) == [1, 2, 3].map { Sample(time: $0, raw: 10) })
    #expect(store.rows([1, 0]).map(\.values) == [[20, 10], [21, 10], [21, 10]])
    #expect(store.sampleCount == 6)
    #expect(store.latest(1) == 21)
  }

  @Test func goneSeriesLeaveAGapAndComeBack() {
    var store = HotStore()
    store.append(1, [0: 5, 1: 6])
    store.append(2, [:], gone: [0])
    store.append(3, [:], gone: [0, 77])
    #expect(store.latest(0) == nil)
    #expect(store.presentCount == 1)
    store.append(4, [0: 5])
    #expect(store.rows([0]).map(\.values) == [[5], [nil], [nil], [5]])
    #expect(store.samples(0) == [Sample(time: 1, raw: 5), Sample(time: 4, raw: 5)])
  }

  @Test func aSeriesBothChangedAndGoneIsGone() {
    var store = HotStore()
    store.append(1, [0: 5], gone: [0])
    #expect(store.rows([0]).map(\.values) == [[nil]])
    #expect(store.latest(0) == nil)
  }

  @Test func theLastOfTwoChangesOfASeriesCounts() {
    var store = HotStore()
    store.append(1, [0: 5, 3: 1, 0: 9])
    store.append(2, [3: 2, 0: 7, 0: 9])
    #expect(store.rows([0, 3]).map(\.values) == [[9, 1], [9, 2]])
    fill(&store, frames: 64, from: 3)
    #expect(store.rows([0, 3]).prefix(2).map(\.values) == [[9, 1], [9, 2]])
  }

  @Test func anyInt64IsAValue() {
    let values: [Int64] = [.min, .max, 0, -1, .max, .min, 1, Int64(bitPattern: (0.1).bitPattern)]
    var store = HotStore()
    for round in 0..<20 {
      for (i, value) in values.enumerated() { store.append(Int64(round * 8 + i), [2: value]) }
    }
    #expect(store.samples(2).map(\.raw) == Array(repeating: values, count: 20).flatMap { $0 })
  }

  @Test func framesExpireWithAge() {
    var store = HotStore(limits: HotLimits(retentionMicroseconds: 100 * Self.second))
    fill(&store, frames: 1000, from: 0)
    // 64 at a time: the oldest block goes when its newest frame is too old.
    #expect((100...164).contains(store.frameCount))
    #expect(store.counters.framesExpired == 1000 - store.frameCount)
    #expect(store.counters.framesEvicted == 0)
    #expect(store.oldestOrdinal == 1000 - store.frameCount)
  }

  @Test func aPauseLongerThanTheRetentionEndsWhatWasBefore() {
    var store = HotStore(limits: HotLimits(retentionMicroseconds: 100 * Self.second))
    fill(&store, frames: 70, from: 0)
    store.append(5000 * Self.second, [0: 1])
    #expect(store.oldestOrdinal == 64)
    store.append(5001 * Self.second, [0: 2])
    #expect(store.rows([0], from: 4000 * Self.second).map(\.values) == [[1], [2]])
  }

  @Test func slowHostsKeepNoMoreThanTheyMust() {
    var store = HotStore(limits: HotLimits(retentionMicroseconds: 300 * Self.second))
    for minute in 0..<100 { store.append(Int64(minute) * 60 * Self.second, [0: Int64(minute)]) }
    #expect((6...12).contains(store.frameCount))
  }

  @Test func memoryIsBoundedAndEvictionCounted() {
    let limits = HotLimits(retentionMicroseconds: .max, maximumBytes: 60_000)
    var store = HotStore(limits: limits)
    var random = SeededGenerator(seed: 7)
    for second in 0..<2000 {
      store.append(
        Int64(second) * Self.second,
        (0..<100).map { HotChange(index: $0, raw: Int64(bitPattern: random.next())) })
      #expect(store.byteCount < limits.maximumBytes * 5 / 4)
    }
    #expect(store.frameCount > 20)
    #expect(store.counters.framesEvicted == 2000 - store.frameCount)
    #expect(store.counters.framesExpired == 0)
  }

  @Test func noMemoryStillKnowsTheNewestValues() {
    var store = HotStore(limits: HotLimits(maximumBytes: 0))
    for second in 0..<10 { store.append(Int64(second), [0: Int64(second)]) }
    #expect(store.latest(0) == 9)
    #expect(store.frameCount == 0)
    #expect(store.counters.framesEvicted == 10)
    #expect(store.nextOrdinal == 10)
  }

  @Test func tooHighIndexesAreRefusedAndCounted() {
    var store = HotStore(limits: HotLimits(maximumSeries: 2))
    store.append(1, [0: 1, 2: 3, 1: 2, .max: 4], gone: [2, .max])
    #expect(store.seriesCount == 2)
    #expect(store.counters.changesRefused == 2)
    #expect(store.rows([0, 1, 2]).map(\.values) == [[1, 2, nil]])
  }

  @Test func limitsAreHeldWithinWhatIsPossible() {
    let limits = HotLimits(retentionMicroseconds: -1, maximumBytes: -1, maximumSeries: .max)
    #expect(limits.retentionMicroseconds == 0)
    #expect(limits.maximumBytes == 0)
    #expect(limits.maximumSeries == HotLimits.highestSeriesCount)
  }

  @Test func aClockSteppedBackKeepsTheOrderOfAppending() {
    var store = HotStore(limits: HotLimits(retentionMicroseconds: 300 * Self.second))
    fill(&store, frames: 100, from: 10_000 * Self.second)
    fill(&store, frames: 100, from: 0)
    #expect(store.counters.stepsBack == 1)
    #expect(store.frameCount == 200)
    #expect(store.samples(0).map(\.raw) == Array(0..<100) + Array(0..<100))
    let late = store.samples(0, from: 10_050 * Self.second).map(\.raw)
    #expect(late == Array(50..<100))
    let early = store.samples(0, through: 49 * Self.second).map(\.raw)
    #expect(early == Array(0..<50))
    // The frames from before the step age by what came after it.
    fill(&store, frames: 300, from: 100 * Self.second)
    #expect(store.oldestOrdinal > 0)
  }

  @Test(arguments: [(Int64.min, Int64.max), (.max, .min)])
  func timesAsFarApartAsTheyCanBe(_ first: Int64, _ second: Int64) {
    var store = HotStore()
    for _ in 0..<70 {
      store.append(first, [0: 1])
      store.append(second, [0: 2])
    }
    #expect(store.newestTime == second)
    #expect(store.frameCount > 0)
    #expect(store.samples(0, from: .max).allSatisfy { $0.time == .max })
  }

  @Test func aReaderLearnsWhatItMissed() {
    var store = HotStore(limits: HotLimits(retentionMicroseconds: 100 * Self.second))
    var cursor = HotCursor(indexes: [0])
    fill(&store, frames: 10, from: 0)
    #expect(store.next(&cursor).rows.count == 10)
    fill(&store, frames: 1000, from: 10 * Self.second)
    let oldest = store.oldestOrdinal
    let (skipped, rows) = store.next(&cursor)
    #expect(skipped == oldest - 10)
    #expect(rows.map(\.ordinal) == Array(oldest..<1010))
  }

  @Test func aReaderFromAnotherTimeStartsOver() {
    var store = HotStore()
    fill(&store, frames: 3, from: 0)
    var cursor = HotCursor(indexes: [0], nextOrdinal: 500)
    #expect(store.next(&cursor).rows.isEmpty)
    #expect(cursor.nextOrdinal == 3)
    store.append(9 * Self.second, [0: 9])
    #expect(store.next(&cursor).rows == [Row(ordinal: 3, time: 9 * Self.second, values: [9])])
  }

  @Test func aReaderMayChangeWhatItWants() {
    var store = HotStore()
    store.append(1, [0: 1, 1: 10])
    var cursor = HotCursor(indexes: [0])
    #expect(store.next(&cursor).rows.map(\.values) == [[1]])
    store.append(2, [0: 2])
    cursor.select([1, 0, 9])
    store.append(3, [9: 90])
    #expect(store.next(&cursor).rows.map(\.values) == [[10, 2, nil], [10, 2, 90]])
  }

  @Test func discardingFramesKeepsTheNewestValues() {
    var store = HotStore()
    fill(&store, frames: 200, from: 0)
    var cursor = HotCursor(indexes: [0])
    store.discardFrames()
    #expect(store.frameCount == 0)
    #expect(store.sampleCount == 0)
    #expect(store.latest(0) == 199)
    #expect(store.append(300 * Self.second, [1: 5]) == 200)
    let (skipped, rows) = store.next(&cursor)
    #expect(skipped == 200)
    #expect(rows.map(\.values) == [[199]])
  }

  @Test func aHundredThousandSeries() {
    var store = HotStore(limits: HotLimits(maximumBytes: 64 << 20))
    let count: UInt32 = 100_000
    store.append(0, (0..<count).map { HotChange(index: $0, raw: Int64($0)) })
    for second in 1..<130 as Range<Int64> {
      let changed = stride(from: UInt32(second), to: count, by: 50)
      store.append(second * Self.second, changed.map { HotChange(index: $0, raw: Int64($0) + second) })
    }
    #expect(store.seriesCount == 100_000)
    #expect(store.sampleCount == 130 * 100_000)
    #expect(store.counters.framesEvicted == 0)
    #expect(Double(store.byteCount) / Double(store.sampleCount) < 0.3)
    // The last series changed in the seconds 49 and 99; series 5 in second 5 alone.
    #expect(store.samples(99_999).map(\.raw).suffix(31).first == 100_098)
    #expect(store.samples(0).count == 130)
    #expect(store.rows([99_999, 5]).last?.values == [100_098, 10])
  }

  /// One value per second in series 0, counting from 0.
  private func fill(_ store: inout HotStore, frames: Int, from start: Int64) {
    let first = store.newestTime == start - Self.second ? (store.latest(0) ?? -1) + 1 : 0
    for i in 0..<Int64(frames) { store.append(start + i * Self.second, [0: first + i]) }
  }
}
