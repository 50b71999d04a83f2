/// Keeps work that may take long to a small part of the time: after it has taken some, it rests for a multiple of
/// that.
struct WorkPace {
  /// Rest for each nanosecond of work: 499, so that one in 500 is work.
  static let restFactor: Int64 = 499
  /// Rest at most: a minute.
  static let maximumRestNanoseconds: Int64 = 60_000_000_000

  private var worked: Int64 = 0
  private var restsUntil = Int64.min

  /// Whether it is too early for more.
  func isResting(at now: Int64) -> Bool { now < restsUntil }

  /// Notes a part of the work, which began and ended at these times.
  mutating func note(from began: Int64, to ended: Int64) {
    worked += max(0, ended - began)
  }

  /// Ends the work: it rests from now on.
  mutating func finish(at now: Int64) {
    let rest =
      worked > Self.maximumRestNanoseconds / Self.restFactor
      ? Self.maximumRestNanoseconds : worked * Self.restFactor
    restsUntil = now + rest
    worked = 0
  }
}
