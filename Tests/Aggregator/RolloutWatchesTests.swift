import GRPC
import Testing
import Wire

@testable import Aggregator

@Suite struct RolloutWatchesTests {
  private var watches = RolloutWatches<String>()

  private func at(_ seconds: Double) -> Instant { Moment.at(seconds).instant }

  private mutating func told(_ seconds: Double) -> [UInt64] {
    watches.takeDue(at: at(seconds)).map(\.rollout).sorted()
  }

  @Test mutating func fiveTimesASecondAndAlwaysTheLast() {
    watches.add("a", number: 1, of: 7)
    watches.moved(7)
    #expect(told(0) == [7])
    #expect(watches.nextDeadline == nil)
    for step in 1...19 {
      watches.moved(7)
      #expect(told(Double(step) * 0.01) == [])
    }
    #expect(watches.nextDeadline == at(0.2))
    #expect(told(0.2) == [7])
    #expect(told(10) == [])
  }

  @Test mutating func rolloutsThatNobodyWatchesAreNobodysBusiness() {
    watches.moved(7)
    watches.add("a", number: 1, of: 7)
    #expect(told(0) == [])
    watches.add("b", number: 2, of: 7)
    watches.remove(number: 1, of: 7)
    watches.moved(7)
    #expect(watches.takeDue(at: at(1)).map(\.watches) == [["b"]])
    watches.moved(7)
    watches.remove(number: 2, of: 7)
    #expect(watches.nextDeadline == nil)
  }
}
