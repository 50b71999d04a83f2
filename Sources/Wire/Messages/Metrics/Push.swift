internal import CProtobufC
public import GRPC

/// A metric frame as its packed bytes: what `FrameEncoder` wrote and `FrameDecoder` reads. Nothing is
/// checked when it is decoded.
public struct PackedFrame: GRPCMessage, Hashable, Sendable {
  /// The packed `muster.v1.MetricsFrame`.
  public var bytes: [UInt8]

  /// A frame of these bytes.
  public init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Keeps the bytes as they are.
  public init(decoding bytes: UnsafeRawBufferPointer) throws(Status) { self.bytes = Array(bytes) }

  /// Appends the bytes as they are.
  public func encode(into buffer: inout [UInt8]) { buffer.append(contentsOf: bytes) }
}

/// What a push stream came to: the answer to a producer that closed its side.
public struct PushSummary: GRPCMessage, Hashable, Sendable {
  /// Frames received on the stream.
  public var frames: UInt64
  /// Those of them that had been received before.
  public var duplicates: UInt64
  /// The highest sequence received of the stream's epoch.
  public var sequence: UInt64

  /// A summary of these figures.
  public init(frames: UInt64, duplicates: UInt64, sequence: UInt64) {
    self.frames = frames
    self.duplicates = duplicates
    self.sequence = sequence
  }
}

extension PushSummary: WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Muster__V1__PushSummary>) {
    muster__v1__push_summary__init(packed)
  }

  init(_ packed: Muster__V1__PushSummary) throws(Status) {
    self.init(frames: packed.frames, duplicates: packed.duplicates, sequence: packed.sequence)
  }

  func fill(_ packed: inout Muster__V1__PushSummary, _ arena: Arena) {
    packed.frames = frames
    packed.duplicates = duplicates
    packed.sequence = sequence
  }
}
