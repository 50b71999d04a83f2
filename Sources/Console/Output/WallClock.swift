import Glibc

/// The wall clock, for the edges of the program; nothing inside reads a clock.
enum WallClock {
  /// Microseconds since 1970.
  static var microseconds: Int64 {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    return Int64(now.tv_sec) * 1_000_000 + Int64(now.tv_nsec) / 1_000
  }

  /// The local date and time: `2026-03-01 14:03:59`; `-` for 0, which stands for never.
  static func date(_ microseconds: Int64) -> String {
    guard microseconds != 0 else { return "-" }
    var seconds = time_t(microseconds / 1_000_000)
    var parts = tm()
    localtime_r(&seconds, &parts)
    let day = "\(Int(parts.tm_year) + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))"
    return "\(day) \(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec))"
  }

  private static func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }

  /// The local time of day with milliseconds: `14:03:59.120`.
  static func text(_ microseconds: Int64) -> String {
    var seconds = time_t(microseconds / 1_000_000)
    var parts = tm()
    localtime_r(&seconds, &parts)
    let milliseconds = String(microseconds / 1_000 % 1_000)
    let zeros = String(repeating: "0", count: max(0, 3 - milliseconds.count))
    return "\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec)).\(zeros)\(milliseconds)"
  }
}
