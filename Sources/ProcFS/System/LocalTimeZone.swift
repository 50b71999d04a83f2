internal import Glibc

/// The time zone that local time is in now, of `tzset(3)` and `localtime_r(3)`.
public struct LocalTimeZone: Hashable, Sendable {
  /// `CET`, or `CEST` in summer.
  public var name: String
  /// Seconds east of Greenwich.
  public var offsetSeconds: Int64

  /// A zone of these.
  public init(name: String, offsetSeconds: Int64) {
    self.name = name
    self.offsetSeconds = offsetSeconds
  }

  /// The zone at a time since 1970, by `TZ` or `/etc/localtime`, which is looked at anew; nil if there is no local
  /// time of that.
  public static func current(at seconds: Int64) -> LocalTimeZone? {
    tzset()
    var time = time_t(seconds)
    var local = tm()
    guard localtime_r(&time, &local) != nil, let name = local.tm_zone else { return nil }
    return LocalTimeZone(name: String(cString: name), offsetSeconds: Int64(local.tm_gmtoff))
  }
}
