import Wire

/// Makes what was recorded into parts that can be sent, a slice of work at a time.
///
/// All frames of all parts, in order, are one stream: the first opens it, and one decoder reads them all. It
/// says in absolute values what the stored frame before it would have said in differences. When the dictionary
/// is too large for a part it is said in several frames of the same sequence and time, each with more series
/// than the one before. Frames of a later dictionary are made such of the first: see `StretchJoiner`.
///
/// Minutes come at the end.
final class RecorderExtract {
  /// Bytes of one part.
  static let partBytes = 200 << 10
  /// Frames passed over in one step.
  private static let slice = 16
  /// Bytes of series' names and labels that one opening frame describes.
  private static let describedBytes = 64 << 10

  private var stream: RecordedStream?
  private let decoder = FrameDecoder()
  /// Frames of several dictionaries are made one stream.
  private var joining: (joiner: StretchJoiner, left: ArraySlice<RecordedStretch>)?
  /// Frames passed over.
  private var passed = 0
  /// Frames and minutes that are not in a part yet.
  private var frames: ArraySlice<[UInt8]> = []
  private var minutes: ArraySlice<ProcessList>

  init(_ stream: RecordedStream?, minutes: [ProcessList]) {
    self.stream = stream?.withoutSkippedStretches
    self.minutes = minutes[...]
  }

  /// Whether every part was handed out.
  var isDone: Bool { stream == nil && joining == nil && frames.isEmpty && minutes.isEmpty }

  /// Goes on; a part when one is ready.
  func step() -> RecorderPart? {
    if let stream {
      skip(in: stream)
      return nil
    }
    if joining != nil {
      join()
      return nil
    }
    return isDone ? nil : nextPart()
  }

  /// Reads the frames that nobody asked for; then the one after them becomes the first.
  private func skip(in stream: RecordedStream) {
    guard let stretch = stream.stretches.first, stream.skipped < stretch.frames.count else {
      self.stream = nil
      return
    }
    let end = min(passed + Self.slice, stream.skipped + 1)
    while passed < end {
      let isLast = passed == stream.skipped
      stretch.frames[passed].withUnsafeBytes { bytes in
        // Frames come from our own encoder.
        try? decoder.decode(bytes) { frame in if isLast { frames = Self.opening(stream, frame, decoder)[...] }
        }
      }
      passed += 1
    }
    guard passed > stream.skipped else { return }
    frames += stretch.frames[passed...]
    self.stream = nil
    guard stream.stretches.count > 1 else { return }
    let first = RecordedStretch(descriptors: stretch.descriptors, frames: Array(frames))
    joining = (StretchJoiner(), [first] + stream.stretches[1...])
    frames = []
  }

  /// Goes on making one stream of several.
  private func join() {
    guard let (joiner, left) = joining, let stretch = left.first else {
      joining = nil
      return
    }
    frames += joiner.join(stretch.frames.prefix(Self.slice))
    joining?.left[left.startIndex].frames.removeFirst(min(Self.slice, stretch.frames.count))
    if stretch.frames.count <= Self.slice {
      joiner.endStretch()
      joining?.left.removeFirst()
    }
  }

  /// The state after a frame as the first frames of a new stream.
  private static func opening(
    _ stream: RecordedStream, _ frame: borrowing DecodedFrame, _ decoder: FrameDecoder
  ) -> [[UInt8]] {
    let descriptors = stream.stretches[0].descriptors
    let series = frame.firstNewIndex + frame.newSeries.count
    let values = (0..<series).map { decoder.rawValue(at: $0) ?? 0 }
    let present = (0..<series).map { decoder.rawValue(at: $0) != nil }
    var encoder = FrameEncoder()
    var frames: [[UInt8]] = []
    var described = 0
    repeat {
      described = end(ofSeriesFrom: described, to: series, in: descriptors)
      var bytes: [UInt8] = []
      values[..<described].withUnsafeBufferPointer { values in
        _ = present[..<described].withUnsafeBufferPointer { present in
          encoder.encode(
            sequence: frame.sequence, wallTimeMicroseconds: frame.wallTimeMicroseconds,
            monotonicMicroseconds: frame.monotonicMicroseconds,
            descriptors: Array(descriptors[..<described]), values: values, present: present,
            opening: frames.isEmpty ? stream.opening : nil, into: &bytes)
        }
      }
      frames.append(bytes)
    } while described < series
    return frames
  }

  /// How far one frame describes.
  private static func end(
    ofSeriesFrom start: Int, to end: Int, in descriptors: [SeriesDescriptor]
  ) -> Int {
    var bytes = 0
    var next = start
    while next < end, bytes < describedBytes {
      let labels = descriptors[next].labels
      bytes += labels.reduce(32 + descriptors[next].name.utf8.count) {
        $0 + 8 + $1.name.utf8.count + $1.value.utf8.count
      }
      next += 1
    }
    return next
  }

  /// Tag and length of an entry.
  private static let overhead = 4

  private func nextPart() -> RecorderPart {
    var part = RecorderPart()
    var bytes = 0
    while let frame = frames.first {
      bytes += frame.count + Self.overhead
      if bytes > Self.partBytes, !part.frames.isEmpty { return part }
      part.frames.append(frames.removeFirst())
    }
    while let minute = minutes.first {
      bytes += minute.recordedBytes
      if bytes > Self.partBytes, !part.frames.isEmpty || !part.minutes.isEmpty { return part }
      part.minutes.append(minutes.removeFirst())
    }
    return part
  }
}

extension RecordedStream {
  /// Without stretches of which nobody asked for a frame.
  fileprivate var withoutSkippedStretches: RecordedStream {
    var stream = self
    while let first = stream.stretches.first, stream.skipped >= first.frames.count, stream.stretches.count > 1
    {
      stream.skipped -= first.frames.count
      stream.stretches.removeFirst()
    }
    return stream
  }
}
