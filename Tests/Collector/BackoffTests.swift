import GRPC
import Testing

@testable import Collector

@Suite struct BackoffTests {
  @Test func boundsDoubleToTheLongestAndJitterIsFull() {
    let bounds = [0.5, 1, 2, 4, 8, 15, 15, 15, 15].map { Duration.seconds($0) }
    var least = bounds
    var most = bounds.map { _ in Duration.zero }
    for seed in 0..<2000 as Range<UInt64> {
      var backoff = Backoff(limits: BackoffLimits(), seed: seed)
      for position in bounds.indices {
        let wait = backoff.next()
        #expect(wait >= .zero && wait <= bounds[position])
        least[position] = min(least[position], wait)
        most[position] = max(most[position], wait)
      }
    }
    for position in bounds.indices {
      #expect(least[position] < bounds[position] * 0.01)
      #expect(most[position] > bounds[position] * 0.99)
    }
  }

  @Test func equalSeedsWaitEqually() {
    var one = Backoff(limits: BackoffLimits(), seed: 42)
    var two = Backoff(limits: BackoffLimits(), seed: 42)
    var other = Backoff(limits: BackoffLimits(), seed: 43)
    let waits = (0..<10).map { _ in one.next() }
    #expect(waits == (0..<10).map { _ in two.next() })
    #expect(waits != (0..<10).map { _ in other.next() })
  }

  @Test func aHundredThousandAttemptsDoNotOverflow() {
    var backoff = Backoff(limits: BackoffLimits(), seed: 0)
    for _ in 0..<100_000 { #expect(backoff.next() <= .seconds(15)) }
  }

  @Test func goodOrderIsFreeOnce() {
    var backoff = Backoff(limits: BackoffLimits(), seed: 5)
    #expect(backoff.immediately() == .zero)
    #expect(backoff.immediately() > .zero)
    backoff.reset()
    #expect(backoff.immediately() == .zero)
  }

  @Test func clockOffsetsBelieveTheShortestOfTheLastRoundTrips() {
    var offset = ClockOffset()
    offset.add(askedWall: 0, answeredWall: 1_000_500, roundTrip: .microseconds(1000))
    #expect(offset.best == .init(offsetMicroseconds: 1_000_000, roundTripMicroseconds: 1000))
    for _ in 0..<ClockOffset.window {
      offset.add(askedWall: 0, answeredWall: 2_005_000, roundTrip: .microseconds(10_000))
    }
    #expect(offset.best == .init(offsetMicroseconds: 2_000_000, roundTripMicroseconds: 10_000))
    offset.add(askedWall: .max, answeredWall: .min, roundTrip: .zero)
    #expect(offset.best?.offsetMicroseconds == 2_000_000)
  }
}
