import Testing

@testable import Collector

/// Three clocks that the test moves.
private struct Clockwork {
  var clocks = ScheduleClocks(
    wallMicroseconds: 1_000_002_300_000, bootMicroseconds: 50, awakeMicroseconds: 50)

  mutating func run(_ microseconds: Int64) {
    clocks.wallMicroseconds += microseconds
    sleepless(microseconds)
  }

  mutating func suspend(_ microseconds: Int64) {
    clocks.wallMicroseconds += microseconds
    clocks.bootMicroseconds += microseconds
  }

  mutating func set(by microseconds: Int64) { clocks.wallMicroseconds += microseconds }

  private mutating func sleepless(_ microseconds: Int64) {
    clocks.bootMicroseconds += microseconds
    clocks.awakeMicroseconds += microseconds
  }

  mutating func run(until wall: Int64) { run(wall - clocks.wallMicroseconds) }
}

@Suite struct ScheduleTests {
  private static let second: Int64 = 1_000_000

  @Test(
    arguments: [
      (Duration.seconds(5), 1_000_005_000_000), (.seconds(1), 1_000_003_000_000),
      (.milliseconds(100), 1_000_002_400_000), (.seconds(60), 1_000_020_000_000),
    ] as [(Duration, Int64)])
  func theFirstSampleIsOnAMultiple(interval: Duration, first: Int64) {
    #expect(Schedule(interval: interval, at: Clockwork().clocks).nextMicroseconds == first)
  }

  @Test func samplesFollowTheWallClock() {
    var clockwork = Clockwork()
    var schedule = Schedule(interval: .seconds(5), at: clockwork.clocks)
    for tick in 1...100 as ClosedRange<Int64> {
      clockwork.run(until: schedule.nextMicroseconds)
      // The timer may fire a little late; the grid does not move.
      clockwork.run(tick * 300)
      let wake = schedule.wake(at: clockwork.clocks)
      #expect(wake == .init(isDue: true, lateSlots: 0, clockStepMicroseconds: 0, suspendedMicroseconds: 0))
      #expect(schedule.nextMicroseconds == 1_000_005_000_000 + tick * 5 * Self.second)
    }
  }

  @Test func wakingEarlyIsNotDue() {
    var clockwork = Clockwork()
    var schedule = Schedule(interval: .seconds(5), at: clockwork.clocks)
    clockwork.run(1000)
    #expect(!schedule.wake(at: clockwork.clocks).isDue)
    #expect(schedule.nextMicroseconds == 1_000_005_000_000)
  }

  @Test func lateSlotsAreSkippedAndCounted() {
    var clockwork = Clockwork()
    var schedule = Schedule(interval: .seconds(1), at: clockwork.clocks)
    clockwork.run(until: schedule.nextMicroseconds + 3_400_000)
    let wake = schedule.wake(at: clockwork.clocks)
    #expect(wake.isDue && wake.lateSlots == 3)
    #expect(schedule.nextMicroseconds == 1_000_007_000_000)
    #expect(schedule.lateSlots == 3)
  }

  @Test func aSuspendIsAGapWithoutABurst() {
    var clockwork = Clockwork()
    var schedule = Schedule(interval: .seconds(5), at: clockwork.clocks)
    clockwork.run(1_000_000)
    clockwork.suspend(3600 * Self.second)
    let wake = schedule.wake(at: clockwork.clocks)
    #expect(wake.isDue && wake.lateSlots == 0)
    #expect(wake.suspendedMicroseconds == 3600 * Self.second && wake.clockStepMicroseconds == 0)
    #expect(schedule.nextMicroseconds - clockwork.clocks.wallMicroseconds <= 5 * Self.second)
    clockwork.run(1000)
    #expect(!schedule.wake(at: clockwork.clocks).isDue)
    #expect(schedule.suspends == 1 && schedule.lateSlots == 0)
  }

  @Test(arguments: [3600, 86_400 * 365, -3600, -86_400 * 365, 2, -2] as [Int64])
  func aSetClockMovesTheGridNotTheRate(seconds: Int64) {
    var clockwork = Clockwork()
    var schedule = Schedule(interval: .seconds(5), at: clockwork.clocks)
    clockwork.run(until: schedule.nextMicroseconds)
    _ = schedule.wake(at: clockwork.clocks)
    clockwork.run(1_000_000)
    clockwork.set(by: seconds * Self.second)
    let wake = schedule.wake(at: clockwork.clocks)
    #expect(wake.clockStepMicroseconds == seconds * Self.second)
    #expect(wake.lateSlots == 0 && wake.suspendedMicroseconds == 0)
    let ahead = schedule.nextMicroseconds - clockwork.clocks.wallMicroseconds
    #expect(ahead > 0 && ahead <= 5 * Self.second)
    #expect(schedule.nextMicroseconds % (5 * Self.second) == 0)
    // A step back does not repeat a sample at once.
    if seconds < 0 { #expect(!wake.isDue) }
    #expect(schedule.clockSteps == 1)
  }

  @Test func slewingIsNotAStep() {
    var clockwork = Clockwork()
    var schedule = Schedule(interval: .seconds(60), at: clockwork.clocks)
    for _ in 0..<50 {
      clockwork.run(until: schedule.nextMicroseconds)
      // 500 ppm is as fast as adjtime(3) slews.
      clockwork.set(by: 30_000)
      #expect(schedule.wake(at: clockwork.clocks).clockStepMicroseconds == 0)
    }
  }

  @Test func timesBefore1970Work() {
    let clocks = ScheduleClocks(wallMicroseconds: -7_300_000, bootMicroseconds: 0, awakeMicroseconds: 0)
    #expect(Schedule(interval: .seconds(5), at: clocks).nextMicroseconds == -5_000_000)
  }
}
