import GRPC
import Sampling
import Wire

/// The recorder's ring of packed frames.
struct RecordedFrames: ~Copyable {
  /// A frame that describes so many new series that it is larger begins the ring anew: only the first frame can
  /// be divided when it is to be sent.
  static let maximumLaterFrame = 128 << 10

  private var encoder = FrameEncoder()
  private var ring: FrameRing
  private var descriptors: [SeriesDescriptor] = []
  private var frame: [UInt8] = []
  /// What the last frame and those before it described, if the next one describes everything anew.
  private var ended: [SeriesDescriptor]?
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
    // One that describes everything anew is not sent as it is: see RecordedStretches.
    if frame.count > Self.maximumLaterFrame, ended == nil { ring.dropOldest(ring.count) }
    frame.withUnsafeBytes { ring.append($0, ending: ended) }
    ended = nil
  }

  /// The next frame describes everything anew. Frames that would take too much memory to be understood are given up.
  mutating func seriesForgotten() {
    encoder = FrameEncoder()
    ended = ended ?? descriptors
    if !ring.canEndDictionary(of: descriptors.count) { ring.dropOldest(ring.count) }
  }

  /// What is held, with how many frames of it lie before `start`.
  mutating func copy(since start: Instant?, opening: StreamOpening) -> RecordedStream? {
    guard ring.count > 0 else { return nil }
    var stream = RecordedStream(opening: opening, stretches: [], skipped: 0)
    for sequence in ring.firstSequence..<ring.nextSequence {
      if let start, instants[Int(sequence % UInt64(instants.count))] < start { stream.skipped += 1 }
      if sequence == ring.firstSequence || ring.beginsDictionary(at: sequence) {
        var first: [UInt8] = []
        _ = ring.appendOpeningFrame(opening, descriptors: descriptors, at: sequence, to: &first)
        stream.stretches.append(
          RecordedStretch(
            descriptors: ring.descriptors(of: sequence, newest: ended ?? descriptors), frames: [first]))
      } else {
        ring.withFrame(sequence) { stream.stretches[stream.stretches.count - 1].frames.append(Array($0)) }
      }
    }
    return stream
  }
}

/// Frames copied from the recorder.
struct RecordedStream {
  var opening: StreamOpening
  /// In order; not empty.
  var stretches: [RecordedStretch]
  /// Of the frames, how many from the first on nobody asked for.
  var skipped: Int
}

/// Frames of one dictionary: a stream that can be decoded from its first frame on.
struct RecordedStretch {
  /// At least as many as the last frame knows of.
  var descriptors: [SeriesDescriptor]
  var frames: [[UInt8]]
}
