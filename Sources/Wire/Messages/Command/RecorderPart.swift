internal import CProtobufC
internal import GRPC

/// A piece of the recorder: the last minutes at 1 s.
public struct RecorderPart: Hashable, Sendable {
  /// Packed MetricsFrames, the first of them opening a stream of its own.
  public var frames: [[UInt8]]
  /// The top processes of a minute each.
  public var minutes: [ProcessList]

  /// A part of these frames and minutes.
  public init(frames: [[UInt8]] = [], minutes: [ProcessList] = []) {
    self.frames = frames
    self.minutes = minutes
  }
}

extension RecorderPart: WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Muster__V1__RecorderPart>) {
    muster__v1__recorder_part__init(packed)
  }

  init(_ packed: Muster__V1__RecorderPart) throws(Status) {
    self.init(
      frames: try byteStrings(
        packed.frames, packed.n_frames, "frames", MessageLimits.recorderFrames, MessageLimits.outputPartBytes),
      minutes: try list(packed.minutes, packed.n_minutes, "minutes", MessageLimits.recorderMinutes))
  }

  func fill(_ packed: inout Muster__V1__RecorderPart, _ arena: Arena) {
    (packed.n_frames, packed.frames) = arena.byteStrings(frames)
    (packed.n_minutes, packed.minutes) = arena.list(minutes)
  }
}
