/// How the kernel steers its clock: what `adjtimex(2)` tells.
///
/// Offset and jitter are in nanoseconds here, whichever unit the kernel's status says they are in.
public struct ClockDiscipline: Hashable, Sendable {
  /// Whether the clock is synchronized: what the call returns is not TIME_ERROR.
  public var isSynchronized = false
  /// How far the clock is off, in nanoseconds.
  public var offset: Int64 = 0
  /// How much faster it is made to go, in 2⁻¹⁶ parts per million.
  public var frequency: Int64 = 0
  /// The most it may be off, in microseconds.
  public var maximumError: Int64 = 0
  /// How much it is believed to be off, in microseconds.
  public var estimatedError: Int64 = 0
  /// The bits STA_….
  public var status: Int64 = 0
  /// The time constant of the phase-locked loop.
  public var timeConstant: Int64 = 0
  /// Microseconds between ticks.
  public var tick: Int64 = 0
  /// International atomic time is ahead by so many seconds.
  public var taiOffset: Int64 = 0
  /// What a pulse per second tells.
  public var pulse = Pulse()

  /// A pulse per second, where one is connected.
  public struct Pulse: Hashable, Sendable {
    /// The clock's frequency by the pulse, in 2⁻¹⁶ parts per million.
    public var frequency: Int64 = 0
    /// In nanoseconds.
    public var jitter: Int64 = 0
    /// The interval's length, as a power of two in seconds.
    public var shift: Int64 = 0
    /// In 2⁻¹⁶ parts per million.
    public var stability: Int64 = 0
    /// How often the jitter was beyond its limit.
    public var jitterExceeded: Int64 = 0
    /// Intervals of calibration.
    public var calibrations: Int64 = 0
    /// Errors of calibration.
    public var errors: Int64 = 0
    /// How often the stability was beyond its limit.
    public var stabilityExceeded: Int64 = 0

    /// No pulse.
    public init() {}
  }

  /// A clock nobody steers.
  public init() {}
}
