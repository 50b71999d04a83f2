import GRPC

/// When to sample for frames, and when for the recorder, on one timer. Pure.
///
/// The recorder keeps what was every second, whatever the interval of frames is; a sample that is due for both
/// is taken once.
public struct Cadence: Sendable {
  /// The distance of the recorder's samples.
  public static let recorderInterval: Duration = .seconds(1)

  /// What a wake-up was for.
  public struct Wake: Hashable, Sendable {
    /// When a frame is due, and what the clocks did.
    public var frame: Schedule.Wake
    /// The recorder wants a sample.
    public var isRecorderDue: Bool
  }

  /// When frames are due.
  public private(set) var frames: Schedule
  private var recorder: Schedule?

  /// Frames at this interval, and no recorder.
  public init(interval: Duration, at now: ScheduleClocks) {
    frames = Schedule(interval: interval, at: now)
  }

  /// When to wake up, by the wall clock: what to arm the timer with.
  public var nextMicroseconds: Int64 {
    min(frames.nextMicroseconds, recorder?.nextMicroseconds ?? .max)
  }

  /// Frames at another interval from now on, the next one on its next multiple.
  public mutating func change(interval: Duration, at now: ScheduleClocks) {
    guard max(1, interval.saturatedMicroseconds) != frames.intervalMicroseconds else { return }
    frames.change(interval: interval, at: now)
  }

  /// Whether the recorder wants samples.
  public mutating func record(_ isOn: Bool, at now: ScheduleClocks) {
    guard isOn != (recorder != nil) else { return }
    recorder = isOn ? Schedule(interval: Self.recorderInterval, at: now) : nil
  }

  /// The timer fired, or the kernel says that the clock was set.
  public mutating func wake(at now: ScheduleClocks) -> Wake {
    let isRecorderDue = recorder?.wake(at: now).isDue ?? false
    return Wake(frame: frames.wake(at: now), isRecorderDue: isRecorderDue)
  }
}
