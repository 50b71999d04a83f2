import Wire

/// How much a recording holds.
struct RecorderSummary: Equatable, Encodable {
  /// Samples of every series.
  var frames = 0
  /// Their size, packed.
  var bytes = 0
  /// Lists of top processes.
  var minutes = 0

  /// Of nothing.
  init() {}

  /// Adds a part.
  mutating func add(_ part: RecorderPart) { self = adding(part) }

  /// With a part more.
  func adding(_ part: RecorderPart) -> RecorderSummary {
    var sum = self
    sum.frames += part.frames.count
    sum.bytes += part.frames.reduce(0) { $0 + $1.count }
    sum.minutes += part.minutes.count
    return sum
  }

  /// `600 frames, 96K, and the processes of 10 minutes`
  var text: String {
    "\(Units.counted(frames, "frame")), \(Units.bytes(Double(bytes))), and the processes of "
      + Units.counted(minutes, "minute")
  }
}
