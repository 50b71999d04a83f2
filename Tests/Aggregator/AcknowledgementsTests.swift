import GRPC
import Testing
import Wire

@testable import Aggregator

@Suite struct AcknowledgementsTests {
  private static func at(_ milliseconds: Int64) -> Instant { Instant(nanoseconds: milliseconds * 1_000_000) }

  @Test func theFirstGoesOutAtOnceAndARushIsOne() {
    var acknowledgements = Acknowledgements()
    #expect(acknowledgements.deadline == nil)
    #expect(
      acknowledgements.received(epoch: 1, sequence: 1, at: Self.at(0)) == Acknowledge(epoch: 1, sequence: 1))
    #expect(acknowledgements.deadline == nil)
    for sequence in 2...40 as ClosedRange<UInt64> {
      #expect(acknowledgements.received(epoch: 1, sequence: sequence, at: Self.at(5)) == nil)
    }
    #expect(acknowledgements.deadline == Self.at(100))
    #expect(acknowledgements.due(at: Self.at(99)) == nil)
    #expect(acknowledgements.due(at: Self.at(100)) == Acknowledge(epoch: 1, sequence: 40))
    #expect(acknowledgements.due(at: Self.at(300)) == nil)
    #expect(acknowledgements.deadline == nil)
    // A quiet second later the next is not held back.
    #expect(
      acknowledgements.received(epoch: 1, sequence: 41, at: Self.at(1100))
        == Acknowledge(epoch: 1, sequence: 41))
  }

  @Test func manyFramesDoNotWait() {
    var acknowledgements = Acknowledgements()
    let sent = (1...200 as ClosedRange<UInt64>).compactMap {
      acknowledgements.received(epoch: 1, sequence: $0, at: Self.at(1))
    }
    #expect(sent.map(\.sequence) == [1, 65, 129, 193])
  }

  @Test func aDuplicateIsAcknowledgedAgain() {
    // Its acknowledgement was lost, or it would not have been sent again.
    var acknowledgements = Acknowledgements()
    _ = acknowledgements.received(epoch: 1, sequence: 9, at: Self.at(0))
    #expect(
      acknowledgements.received(epoch: 1, sequence: 9, at: Self.at(200)) == Acknowledge(epoch: 1, sequence: 9)
    )
  }

  @Test func aNewEpochStartsLow() {
    var acknowledgements = Acknowledgements()
    _ = acknowledgements.received(epoch: 1, sequence: 900, at: Self.at(0))
    #expect(acknowledgements.received(epoch: 2, sequence: 1, at: Self.at(10)) == nil)
    #expect(acknowledgements.due(at: Self.at(100)) == Acknowledge(epoch: 2, sequence: 1))
  }

  @Test func aWelcomeSettlesEverything() {
    var acknowledgements = Acknowledgements()
    _ = acknowledgements.received(epoch: 1, sequence: 1, at: Self.at(0))
    _ = acknowledgements.received(epoch: 1, sequence: 2, at: Self.at(1))
    acknowledgements.told()
    #expect(acknowledgements.due(at: Self.at(500)) == nil)
  }
}
