import Testing

@testable import Collector

/// A cadence and a timer that fires as it is armed.
private final class Timer {
  var cadence: Cadence

  init(interval: Duration, at milliseconds: Int64) {
    cadence = Cadence(interval: interval, at: Self.clocks(milliseconds))
  }

  static func clocks(_ milliseconds: Int64) -> ScheduleClocks {
    let microseconds = milliseconds * 1000
    return ScheduleClocks(
      wallMicroseconds: microseconds, bootMicroseconds: microseconds, awakeMicroseconds: microseconds)
  }

  /// Lets it fire up to a time; `F` is a frame, `r` the recorder.
  func run(until milliseconds: Int64) -> [String] {
    var lines: [String] = []
    while cadence.nextMicroseconds / 1000 <= milliseconds {
      let now = cadence.nextMicroseconds / 1000
      let wake = cadence.wake(at: Self.clocks(now))
      lines.append("\(now)" + (wake.frame.isDue ? "F" : "") + (wake.isRecorderDue ? "r" : ""))
    }
    return lines
  }
}

@Suite struct CadenceTests {
  @Test func theRecorderWakesInBetween() {
    let timer = Timer(interval: .seconds(3), at: 500)
    #expect(timer.run(until: 6000) == ["3000F", "6000F"])
    timer.cadence.record(true, at: Timer.clocks(6000))
    #expect(timer.run(until: 9000) == ["7000r", "8000r", "9000Fr"])
    timer.cadence.record(false, at: Timer.clocks(9000))
    #expect(timer.run(until: 15_000) == ["12000F", "15000F"])
    #expect(timer.cadence.frames.lateSlots == 0)
  }

  @Test func anotherIntervalBeginsOnItsNextMultiple() {
    let timer = Timer(interval: .seconds(5), at: 0)
    #expect(timer.run(until: 5000) == ["5000F"])
    timer.cadence.change(interval: .seconds(1), at: Timer.clocks(5300))
    #expect(timer.run(until: 7000) == ["6000F", "7000F"])
    timer.cadence.change(interval: .milliseconds(100), at: Timer.clocks(7050))
    #expect(timer.run(until: 7300) == ["7100F", "7200F", "7300F"])
    timer.cadence.change(interval: .seconds(60), at: Timer.clocks(7300))
    #expect(timer.cadence.nextMicroseconds == 60_000_000)
    #expect(timer.cadence.frames.lateSlots == 0)
  }

  @Test func thePresentIntervalAgainMovesNothing() {
    let timer = Timer(interval: .seconds(5), at: 0)
    // Woken late, just before the slot's work is done: it stays due.
    timer.cadence.change(interval: .seconds(5), at: Timer.clocks(5000))
    #expect(timer.cadence.nextMicroseconds == 5_000_000)
  }
}
