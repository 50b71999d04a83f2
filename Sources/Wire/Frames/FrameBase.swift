internal import CProtobufC
public import GRPC

/// What stored frames are deltas against: the series as they were before the oldest frame held.
///
/// A collector stores frames as they were first packed. While it holds frames 7 to 11, the base knows the
/// series as of frame 6. When a new stream begins, its first frame is `openingFrame(applying: frame 7)`,
/// which says all that was said up to and including frame 7; frames 8 to 11 and those to come follow as they
/// are, because they are deltas against the frame before.
///
///     acknowledged or dropped │ held, as packed
///     1   2   3   4   5   6   │  7    8    9   10   11
///                         base┘  └─ the first frame of a new stream = base + 7
///
/// One base per epoch.
public final class FrameBase {
  private let reader = FrameReader()
  /// Of the config in force as of the base; empty: none but the local file.
  private var config: [UInt8] = []

  /// The base before the first frame of an epoch.
  public init() {}

  /// Series described up to here.
  public var describedSeries: Int { reader.table.count }

  /// Goes on by the oldest frame held, because it has been acknowledged or is dropped.
  ///
  /// Throws if the bytes can't be the frame that follows; the base is then as it was, and nothing that comes
  /// after can be sent.
  public func apply(_ frame: UnsafeRawBufferPointer) throws(Status) {
    defer { reader.release() }
    let fields = try reader.find(frame)
    let stamp = try fields.readStamp()
    _ = try reader.apply(fields, describing: try fields.readNewSeries())
    if let stamp { config = stamp.sha256 }
  }

  /// Appends the first frame of a new stream: the opening, the dictionary up to and including the oldest frame
  /// held, and all values after it as changes from 0, with that frame's sequence, times and config. Described
  /// series that are absent are listed as gone. The base stays as it is.
  ///
  /// `descriptors` are those of the epoch, at least as many as that frame knew of.
  public func openingFrame(
    applying frame: UnsafeRawBufferPointer, opening: StreamOpening, descriptors: [SeriesDescriptor],
    into buffer: inout [UInt8]
  ) throws(Status) {
    defer { reader.release() }
    let stored = try reader.find(frame)
    let stamp = try stored.readStamp()
    let processes = try stored.readProcesses()
    let table = try reader.preview(stored, describing: try stored.readNewSeries())
    guard table.count <= descriptors.count else {
      throw Status(.internalError, "\(table.count) series in stored frames, \(descriptors.count) described")
    }
    var first = Muster__V1__MetricsFrame()
    muster__v1__metrics_frame__init(&first)
    first.sequence = stored.sequence
    first.wall_time_us = stored.wallTimeMicroseconds
    first.monotonic_time_us = stored.monotonicMicroseconds

    let words = FrameColumns.words(series: table.count)
    withUnsafeTemporaryAllocation(of: UInt64.self, capacity: words) { memory in
      var columns = FrameColumns(UnsafeMutableRawPointer(memory.baseAddress!), series: table.count)
      table.listAll(in: &columns)
      first.pack(
        columns, newSeries: descriptors[..<table.count],
        stamp: FrameStamp(stamp?.sha256 ?? config, after: [], isFirst: true),
        processes: processes, opening: opening, into: &buffer)
    }
  }
}
