import Glibc

/// Timestamps as log lines carry them.
enum LogTime {
  /// Appends RFC 3339 in UTC with milliseconds: `2026-01-02T03:04:05.678Z`.
  static func append(_ time: timespec, to line: inout [UInt8]) {
    var seconds = time.tv_sec
    var parts = tm()
    gmtime_r(&seconds, &parts)
    append(Int(parts.tm_year) + 1900, digits: 4, to: &line)
    append("-", Int(parts.tm_mon) + 1, to: &line)
    append("-", Int(parts.tm_mday), to: &line)
    append("T", Int(parts.tm_hour), to: &line)
    append(":", Int(parts.tm_min), to: &line)
    append(":", Int(parts.tm_sec), to: &line)
    line.append(UInt8(ascii: "."))
    append(Int(time.tv_nsec) / 1_000_000, digits: 3, to: &line)
    line.append(UInt8(ascii: "Z"))
  }

  static func now() -> timespec {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    return now
  }

  private static func append(_ separator: Unicode.Scalar, _ number: Int, to line: inout [UInt8]) {
    line.append(UInt8(ascii: separator))
    append(number, digits: 2, to: &line)
  }

  private static func append(_ number: Int, digits: Int, to line: inout [UInt8]) {
    var divisor = 1
    for _ in 1..<digits { divisor *= 10 }
    while divisor > 0 {
      line.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number / divisor % 10))
      divisor /= 10
    }
  }
}
