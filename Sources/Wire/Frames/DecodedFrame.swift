/// A frame as the receiver sees it: absolute values. Its buffers are valid only during the call that hands
/// it out.
public struct DecodedFrame: ~Copyable {
  /// A series that changed, or appeared.
  public struct Change: Hashable, Sendable {
    /// Its dictionary index.
    public var index: UInt32
    /// Its raw value, absolute; a double as its bit pattern. `SeriesDescriptor.value(ofRaw:)` reads it.
    public var raw: Int64

    /// The change of a series to a value.
    public init(index: UInt32, raw: Int64) {
      self.index = index
      self.raw = raw
    }
  }

  /// Who is speaking: on the first frame of a stream, and only there.
  public let opening: StreamOpening?
  /// +1 per frame within an epoch, from 1.
  public let sequence: UInt64
  /// When the values were read: microseconds since 1970 by the host's clock.
  public let wallTimeMicroseconds: Int64
  /// The same instant by the host's CLOCK_BOOTTIME.
  public let monotonicMicroseconds: UInt64
  /// SHA-256 of the config that is in force from this frame on, empty: none but the local file. Not nil on the
  /// first frame of a stream, and whenever it changes; nil: as before.
  public let configSHA256: [UInt8]?
  /// Series described by this frame; empty on most.
  public let newSeries: [SeriesDescriptor]
  /// The dictionary index of the first of them; the others follow.
  public let firstNewIndex: Int
  /// Series that changed, by index, ascending. One that is present and not listed has the value it had.
  public let changes: UnsafeBufferPointer<Change>
  /// Series that are no longer there, by index, ascending; none of them is among the changes. The first
  /// frame after a reconnect lists every described series that is absent.
  public let gone: UnsafeBufferPointer<UInt32>
  /// The processes that used most, on the first frame after a look at them; nil on the others.
  public let processes: ProcessList?
  /// How many series are present now: the samples this frame stands for.
  public let presentSeries: Int
}
