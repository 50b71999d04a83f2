// When to sample. Pure: clock readings in, decisions out.
//
// Samples are taken on the wall clock's multiples of the interval, so that the frames of a whole
// fleet carry comparable times. A timer on CLOCK_REALTIME brings us here; what happened in
// between is read off three clocks:
//
//   wall       CLOCK_REALTIME    jumps when somebody sets it
//   boot       CLOCK_BOOTTIME    never jumps, runs on while the machine sleeps
//   awake      CLOCK_MONOTONIC   never jumps, stands still while the machine sleeps
//
//   wall ran differently from boot  → the clock was set
//   boot ran further than awake     → the machine was suspended
//
// A slot that passed is never sampled later: there is no burst after a suspend or a step. Slots
// that passed for neither reason are lateness (a starved or stopped process), and are counted.

import GRPC

/// The three clocks, read together.
public struct ScheduleClocks: Hashable, Sendable {
  /// CLOCK_REALTIME, microseconds since 1970.
  public var wallMicroseconds: Int64
  /// CLOCK_BOOTTIME, microseconds.
  public var bootMicroseconds: Int64
  /// CLOCK_MONOTONIC, microseconds.
  public var awakeMicroseconds: Int64

  /// One reading.
  public init(wallMicroseconds: Int64, bootMicroseconds: Int64, awakeMicroseconds: Int64) {
    self.wallMicroseconds = wallMicroseconds
    self.bootMicroseconds = bootMicroseconds
    self.awakeMicroseconds = awakeMicroseconds
  }
}

/// Decides at each wake-up whether it is time for a sample, and when the next one is due.
public struct Schedule: Sendable {
  /// What a wake-up was for.
  public struct Wake: Hashable, Sendable {
    /// Take a sample now.
    public var isDue: Bool
    /// Slots that passed without a sample since the last one, because the process was late.
    public var lateSlots: Int64
    /// How far somebody moved the wall clock since the last wake-up; 0: nobody did.
    public var clockStepMicroseconds: Int64
    /// How long the machine slept since the last wake-up.
    public var suspendedMicroseconds: Int64
  }

  /// Smaller differences between clocks are slewing and reading noise, not a step or a suspend.
  public static let toleranceMicroseconds: Int64 = 50_000

  /// The distance of two samples.
  public private(set) var intervalMicroseconds: Int64
  /// When the next sample is due, by the wall clock: what to arm the timer with.
  public private(set) var nextMicroseconds: Int64
  /// Slots that passed without a sample because the process was late, ever.
  public private(set) var lateSlots: Int64 = 0
  /// How often the wall clock was set, ever.
  public private(set) var clockSteps: Int64 = 0
  /// How often the machine was suspended, ever.
  public private(set) var suspends: Int64 = 0
  private var last: ScheduleClocks

  /// A schedule whose first sample is due on the next multiple of the interval.
  public init(interval: Duration, at now: ScheduleClocks) {
    intervalMicroseconds = max(1, interval.saturatedMicroseconds)
    nextMicroseconds = 0
    last = now
    nextMicroseconds = slot(of: now.wallMicroseconds) + intervalMicroseconds
  }

  /// Another interval holds from now on: the next sample is due on its next multiple.
  public mutating func change(interval: Duration, at now: ScheduleClocks) {
    intervalMicroseconds = max(1, interval.saturatedMicroseconds)
    nextMicroseconds = slot(of: now.wallMicroseconds) + intervalMicroseconds
  }

  /// The timer fired, or the kernel says that the clock was set.
  public mutating func wake(at now: ScheduleClocks) -> Wake {
    let booted = now.bootMicroseconds - last.bootMicroseconds
    let step = significant(now.wallMicroseconds - last.wallMicroseconds - booted)
    let suspended = max(0, significant(booted - (now.awakeMicroseconds - last.awakeMicroseconds)))
    last = now
    if step != 0 { clockSteps += 1 }
    if suspended != 0 { suspends += 1 }

    let isDue = now.wallMicroseconds >= nextMicroseconds
    let missed = isDue ? (now.wallMicroseconds - nextMicroseconds) / intervalMicroseconds : 0
    let late = step == 0 && suspended == 0 ? missed : 0
    lateSlots += late
    // Also after a step backwards, which would leave the next slot far in the future.
    nextMicroseconds = slot(of: now.wallMicroseconds) + intervalMicroseconds
    return Wake(
      isDue: isDue, lateSlots: late, clockStepMicroseconds: step, suspendedMicroseconds: suspended)
  }

  /// The last multiple of the interval that is not after `wall`.
  private func slot(of wall: Int64) -> Int64 {
    let remainder = wall % intervalMicroseconds
    return wall - (remainder < 0 ? remainder + intervalMicroseconds : remainder)
  }

  private func significant(_ difference: Int64) -> Int64 {
    abs(difference) >= Self.toleranceMicroseconds ? difference : 0
  }
}
