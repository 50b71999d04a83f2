import GRPC
import Testing
import Wire

@testable import Collector

@Suite struct TableCompactionTests {
  private func standing(_ count: Int, gone: Int, isWanting: Bool = false) -> TableCompaction.Standing {
    TableCompaction.Standing(count: count, gone: gone, isWanting: isWanting)
  }

  private func at(_ seconds: Double) -> Instant { Moment.at(seconds).instant }

  /// Asked every second as it wants: when it is due.
  private func dues(_ table: TableCompaction.Standing, seconds: Int) -> [Int] {
    var compaction = TableCompaction(at: at(0))
    return (0...seconds).filter { second in
      guard at(Double(second)) >= compaction.nextLook else { return false }
      guard compaction.isDue(table, at: at(Double(second))) else { return false }
      compaction.compacted(at: at(Double(second)))
      return true
    }
  }

  @Test func whenMoreAreGoneThanThereAreEveryTenMinutesAtMost() {
    #expect(dues(standing(2000, gone: 1001), seconds: 2000) == [600, 1200, 1800])
    #expect(dues(standing(2000, gone: 1000), seconds: 2000) == [])
    // Few cost nothing.
    #expect(dues(standing(600, gone: 511), seconds: 2000) == [])
    #expect(dues(standing(600, gone: 512), seconds: 700) == [600])
  }

  @Test func whenRowsAreWantingEveryMinuteAndForFewer() {
    #expect(dues(standing(2000, gone: 251, isWanting: true), seconds: 200) == [60, 120, 180])
    // A small share is worth it less often, but it is: those that want rows would want them for ever.
    #expect(dues(standing(2000, gone: 250, isWanting: true), seconds: 1300) == [600, 1200])
    #expect(dues(standing(2000, gone: 1, isWanting: true), seconds: 700) == [600])
    #expect(dues(standing(80, gone: 11, isWanting: true), seconds: 60) == [60])
    #expect(dues(standing(0, gone: 0, isWanting: true), seconds: 200) == [])
  }

  /// At each of these times: whether it is due; it is compacted only `then`.
  private func asked(_ seconds: [Double], compactedAt then: Double?) -> [Bool] {
    var compaction = TableCompaction(at: at(0))
    return seconds.map { second in
      let isDue = compaction.isDue(standing(2000, gone: 1500), at: at(second))
      if second == then { compaction.compacted(at: at(second)) }
      return isDue
    }
  }

  @Test func whatIsPutOffIsAskedAgainAMinuteLater() {
    #expect(asked([600, 601, 659, 660], compactedAt: nil) == [true, false, false, true])
  }

  @Test func anHourWithoutASampleIsNoReasonToHurry() {
    #expect(asked([3600, 3660, 4199, 4200, 4260], compactedAt: 3600) == [true, false, false, false, true])
  }
}
