import GRPC
import Testing
import Wire

@testable import Aggregator

@Suite struct AcknowledgementsTests {
  private static func at(_ milliseconds: Int64) -> Instant { Instant(nanoseconds: milliseconds * 1_000_000) }

  private static var tenASecond: AcknowledgementSettings {
    var settings = AcknowledgementSettings()
    settings.interval = .milliseconds(100)
    return settings
  }

  @Test func theFirstGoesOutAtOnceAndARushIsOne() {
    var acknowledgements = Acknowledgements(Self.tenASecond)
    #expect(acknowledgements.deadline == nil)
    #expect(
      acknowledgements.received(epoch: 1, sequence: 1, at: Self.at(0)) == Acknowledge(epoch: 1, sequence: 1))
    #expect(acknowledgements.deadline == nil)
    for sequence in 2...40 as ClosedRange<UInt64> {
      #expect(acknowledgements.received(epoch: 1, sequence: sequence, at: Self.at(5)) == nil)
    }
    #expect(acknowledgements.deadline == Self.at(125))
    #expect(acknowledgements.due(at: Self.at(124)) == nil)
    #expect(acknowledgements.due(at: Self.at(125)) == Acknowledge(epoch: 1, sequence: 40))
    #expect(acknowledgements.due(at: Self.at(300)) == nil)
    #expect(acknowledgements.deadline == nil)
    // A quiet second later the next is not held back.
    #expect(
      acknowledgements.received(epoch: 1, sequence: 41, at: Self.at(1100))
        == Acknowledge(epoch: 1, sequence: 41))
  }

  @Test func aFrameASecondIsAcknowledgedByEveryFifthWithoutATimer() {
    var acknowledgements = Acknowledgements()
    var sent: [UInt64] = []
    for sequence in 1...21 as ClosedRange<UInt64> {
      let now = Self.at(Int64(sequence) * 1000)
      #expect(acknowledgements.due(at: now) == nil)
      if let sending = acknowledgements.received(epoch: 1, sequence: sequence, at: now) {
        sent.append(sending.sequence)
      }
    }
    #expect(sent == [1, 6, 11, 16, 21])
  }

  @Test func whatWaitsIsTakenAlong() {
    var acknowledgements = Acknowledgements()
    _ = acknowledgements.received(epoch: 1, sequence: 1, at: Self.at(0))
    #expect(acknowledgements.takeWaiting(at: Self.at(1)) == nil)
    _ = acknowledgements.received(epoch: 1, sequence: 2, at: Self.at(1000))
    #expect(acknowledgements.takeWaiting(at: Self.at(1001)) == Acknowledge(epoch: 1, sequence: 2))
    #expect(acknowledgements.deadline == nil)
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
    var acknowledgements = Acknowledgements(Self.tenASecond)
    _ = acknowledgements.received(epoch: 1, sequence: 9, at: Self.at(0))
    #expect(
      acknowledgements.received(epoch: 1, sequence: 9, at: Self.at(200)) == Acknowledge(epoch: 1, sequence: 9)
    )
  }

  @Test func aNewEpochStartsLow() {
    var acknowledgements = Acknowledgements(Self.tenASecond)
    _ = acknowledgements.received(epoch: 1, sequence: 900, at: Self.at(0))
    #expect(acknowledgements.received(epoch: 2, sequence: 1, at: Self.at(10)) == nil)
    #expect(acknowledgements.due(at: Self.at(125)) == Acknowledge(epoch: 2, sequence: 1))
  }

  @Test func aWelcomeSettlesEverything() {
    var acknowledgements = Acknowledgements()
    _ = acknowledgements.received(epoch: 1, sequence: 1, at: Self.at(0))
    _ = acknowledgements.received(epoch: 1, sequence: 2, at: Self.at(1))
    acknowledgements.told()
    #expect(acknowledgements.due(at: Self.at(50_000)) == nil)
  }
}
