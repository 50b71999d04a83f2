import GRPC
import Sampling
import Wire

/// The recorder's ring of packed frames.
struct RecordedFrames: ~Copyable {
  /// A frame that describes so many series that it is larger begins the ring anew: only the first frame can
  /// be divided when it is to be sent.
  static let maximumLaterFrame = 128 << 10

  private var encoder = FrameEncoder()
  private var ring: FrameRing
  private var descriptors: [SeriesDescriptor] = []
  private var frame: [UInt8] = []
  /// When each frame was recorded, by its sequence modulo their number.
  private var instants: [Instant]

  init(limits: RecorderLimits) {
    var ringLimits = FrameRingLimits()
    ringLimits.maximumFrames = limits.maximumFrames
    ringLimits.maximumBytes = limits.maximumFrameBytes
    ring = FrameRing(limits: ringLimits)
    instants = Array(repeating: Instant(nanoseconds: 0), count: limits.maximumFrames)
  }

  var count: Int { ring.count }
  var byteCount: Int { ring.byteCount }
  /// Frames ever recorded.
  var recorded: UInt64 { ring.collected }

  mutating func record(_ table: borrowing SampleTable, at now: Moment) {
    // The same storage as the table's, not a copy: it is written to only when a series appears.
    descriptors = table.descriptors
    instants[Int(ring.nextSequence % UInt64(instants.count))] = now.instant
    frame.removeFrame()
    encoder.encode(
      sequence: ring.nextSequence, wallTimeMicroseconds: now.wallMicroseconds,
      monotonicMicroseconds: UInt64(clamping: now.instant.nanoseconds / 1000), descriptors: descriptors,
      values: table.values, present: table.present, into: &frame)
    if frame.count > Self.maximumLaterFrame { ring.dropOldest(ring.count) }
    frame.withUnsafeBytes { ring.append($0) }
  }

  /// What is held, with how many frames of it lie before `start`.
  mutating func copy(since start: Instant?, opening: StreamOpening) -> RecordedStream? {
    var first: [UInt8] = []
    guard ring.appendOpeningFrame(opening, descriptors: descriptors, to: &first) else { return nil }
    var stream = RecordedStream(opening: opening, descriptors: descriptors, frames: [first], skipped: 0)
    for sequence in ring.firstSequence..<ring.nextSequence {
      if let start, instants[Int(sequence % UInt64(instants.count))] < start { stream.skipped += 1 }
      if sequence > ring.firstSequence { ring.withFrame(sequence) { stream.frames.append(Array($0)) } }
    }
    return stream
  }
}

/// Frames copied from the recorder: a stream that can be decoded from its first frame on.
struct RecordedStream {
  var opening: StreamOpening
  /// At least as many as the last frame knows of.
  var descriptors: [SeriesDescriptor]
  var frames: [[UInt8]]
  /// Of them, how many from the first on nobody asked for.
  var skipped: Int
}
