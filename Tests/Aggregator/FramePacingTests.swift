import GRPC
import Testing

@testable import Aggregator

@Suite struct FramePacingTests {
  private static func at(_ microseconds: Int) -> Instant { Instant(nanoseconds: Int64(microseconds) * 1000) }

  /// Frames every `gap` microseconds from `start` on, each a turn of its own: how many of the turns end with a rest.
  private func rests(_ pacing: inout FramePacing, gap: Int, from start: Int, count: Int) -> Int {
    (0..<count).count { number in
      let now = Self.at(start + gap * number)
      return pacing.frameTaken(at: now) && pacing.turnEnded(at: now) == FramePacing.turn
    }
  }

  @Test func framesThatComeSeldomAreTakenAtOnce() {
    var pacing = FramePacing()
    // 700 a second.
    #expect(rests(&pacing, gap: 1429, from: 0, count: 10_000) == 0)
  }

  @Test func framesThatComeDenselyAreTakenTogether() {
    var pacing = FramePacing()
    // 2,500 a second: those of the first tenth of a second come at once, since nobody knows yet.
    #expect(rests(&pacing, gap: 400, from: 0, count: 10_000) == 10_000 - 250)
  }

  @Test func itEndsWithTheDensity() {
    var pacing = FramePacing()
    #expect(rests(&pacing, gap: 400, from: 0, count: 2500) > 2000)
    // A tenth of a second of the old times, at most.
    #expect(rests(&pacing, gap: 10_000, from: 1_000_000, count: 1000) <= 10)
  }

  @Test func silenceIsNoDensity() {
    var pacing = FramePacing()
    #expect(rests(&pacing, gap: 400, from: 0, count: 2500) > 2000)
    #expect(rests(&pacing, gap: 0, from: 61_000_000, count: 1) == 0)
  }

  @Test func aTurnRestsOnce() {
    var pacing = FramePacing()
    _ = rests(&pacing, gap: 400, from: 0, count: 2500)
    let asked = (0..<10).count { _ in pacing.frameTaken(at: Self.at(1_000_100)) }
    #expect(asked == 1)
    // What is left of four milliseconds.
    #expect(pacing.turnEnded(at: Self.at(1_001_100)) == .milliseconds(3))
    #expect(pacing.turnEnded(at: Self.at(1_001_200)) == .zero)
  }

  @Test func aLongTurnHasNoRest() {
    var pacing = FramePacing()
    _ = rests(&pacing, gap: 400, from: 0, count: 2500)
    _ = pacing.frameTaken(at: Self.at(1_000_100))
    #expect(pacing.turnEnded(at: Self.at(1_004_200)) == .zero)
  }

  @Test func whoFindsEnoughDoesNotWait() {
    var pacing = FramePacing()
    _ = rests(&pacing, gap: 400, from: 0, count: 2500)
    for _ in 0..<FramePacing.framesPerTurnMaximum { _ = pacing.frameTaken(at: Self.at(1_000_100)) }
    #expect(pacing.turnEnded(at: Self.at(1_000_150)) == .zero)
    _ = pacing.frameTaken(at: Self.at(1_000_200))
    #expect(pacing.turnEnded(at: Self.at(1_000_200)) == FramePacing.turn)
  }
}
