/// What a stream of frames may take at its receiver. Names and labels are bounded by `MessageLimits`, the
/// size of a frame by GRPC, the memory to unpack it by a multiple of its size.
public struct FrameLimits: Hashable, Sendable {
  /// Series in a stream's dictionary. One costs about 200 bytes, as long as the stream lives.
  public var series: Int

  /// The limits of a stream.
  public init(series: Int = 200_000) { self.series = series }
}
