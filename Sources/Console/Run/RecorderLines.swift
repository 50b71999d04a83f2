import GRPC
import Wire

/// A host's recording as JSON lines: a frame or a minute's processes on each. Holds the dictionary of the
/// stream that the frames are.
struct RecorderLines {
  private let hostID: String
  private let instance: String
  private var decoder = FrameDecoder()
  private var names: [String] = []

  /// For the parts of one host.
  init(hostID: String, instance: String) {
    self.hostID = hostID
    self.instance = instance
  }

  /// The lines of the next part. Throws what is wrong with a frame.
  mutating func lines(_ part: RecorderPart) throws -> [String] {
    var lines: [String] = []
    var lastTime: Int64?
    for (index, frame) in part.frames.enumerated() {
      let time = try take(frame, isFirst: index == 0)
      // A large dictionary comes in several frames of one time, each with more than the one before.
      if time == lastTime { lines.removeLast() }
      lastTime = time
      lines.append(try document(time))
    }
    for minute in part.minutes {
      lines.append(
        try JSONOutput.line(
          MinuteDocument(hostId: hostID, instance: instance, processes: ProcessListDocument(minute))))
    }
    return lines
  }

  /// Returns when the frame was taken.
  private mutating func take(_ frame: [UInt8], isFirst: Bool) throws(Status) -> Int64 {
    // A frame that opens a stream begins afresh; the parts of one recording go on where the last one ended.
    if isFirst {
      let fresh = FrameDecoder()
      if let time = try? decode(frame, with: fresh) {
        decoder = fresh
        names = []
        return time
      }
    }
    return try decode(frame, with: decoder)
  }

  private func decode(_ frame: [UInt8], with decoder: FrameDecoder) throws(Status) -> Int64 {
    let result = frame.withUnsafeBytes { bytes in
      Result { () throws(Status) -> Int64 in
        try decoder.decode(bytes) { frame throws(Status) in frame.wallTimeMicroseconds }
      }
    }
    return try result.get()
  }

  private mutating func document(_ time: Int64) throws -> String {
    for descriptor in decoder.descriptors[names.count...] {
      names.append(MetricText.series(descriptor.name, descriptor.labels))
    }
    var values: [String: Double?] = [:]
    for (index, descriptor) in decoder.descriptors.enumerated() {
      guard let raw = decoder.rawValue(at: index) else { continue }
      values[names[index]] = .some(descriptor.value(ofRaw: raw).finite)
    }
    return try JSONOutput.line(
      FrameDocument(hostId: hostID, instance: instance, timeUs: time, values: values))
  }

  private struct FrameDocument: Encodable {
    var type = "frame"
    let hostId: String
    let instance: String
    let timeUs: Int64
    let values: [String: Double?]
  }

  private struct MinuteDocument: Encodable {
    var type = "processes"
    let hostId: String
    let instance: String
    let processes: ProcessListDocument
  }
}
