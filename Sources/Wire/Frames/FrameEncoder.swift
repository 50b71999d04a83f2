internal import CProtobufC
internal import GRPC

/// What a frame came to.
public struct FrameStatistics: Hashable, Sendable {
  /// Bytes of the packed frame.
  public var bytes: Int
  /// Series present: the samples the frame stands for.
  public var samples: Int
  /// Series whose value is written.
  public var changes: Int
  /// Series described.
  public var newSeries: Int
  /// Series said to be gone.
  public var gone: Int
}

/// The sending end of the frames of one epoch: remembers what it has said, and says what is new.
///
/// Frames are deltas against the frame before, and describe each series once. `FrameBase` makes of any of
/// them the first frame of a new stream.
///
/// In the steady state (no new series) a frame allocates nothing, if the buffer has room.
public struct FrameEncoder: Sendable {
  private var table = SeriesTable()
  /// Memory of the columns, as 8-byte words.
  private var memory: [UInt64] = []
  /// Of the config that the last frame was stamped with; empty: none but the local file, as at first.
  private var config: [UInt8] = []

  /// An encoder for a new epoch.
  public init() {}

  /// Series described so far.
  public var describedSeries: Int { table.count }

  /// Appends one packed frame to the buffer.
  ///
  /// `values` and `present` are indexed as `descriptors`, which only ever grows; doubles are given as bit
  /// patterns, the value of an absent series is not looked at. The sequence grows by 1 per frame, from 1.
  /// `config` is the SHA-256 of the config in force, empty if there is none but the local file; it is written
  /// only when it changes. `processes` are those that a new look has found. `opening` makes it the first frame of a stream; a frame to be stored has none.
  @discardableResult
  public mutating func encode(
    sequence: UInt64, wallTimeMicroseconds: Int64, monotonicMicroseconds: UInt64,
    descriptors: [SeriesDescriptor], values: UnsafeBufferPointer<Int64>, present: UnsafeBufferPointer<Bool>,
    config: [UInt8] = [], processes: ProcessList? = nil, opening: StreamOpening? = nil,
    into buffer: inout [UInt8]
  ) -> FrameStatistics {
    precondition(
      values.count == descriptors.count && present.count == descriptors.count
        && descriptors.count >= table.count, "values and presence of each series, and none forgotten")
    precondition(config.isEmpty || config.count == SHA256.digestBytes, "the SHA-256 of a config, or none")
    let newSeries = descriptors[table.count...]
    for series in newSeries { table.describe(series.type) }
    if memory.count < FrameColumns.words(series: table.count) {
      memory = Array(repeating: 0, count: FrameColumns.words(series: table.count))
    }

    var frame = Muster__V1__MetricsFrame()
    muster__v1__metrics_frame__init(&frame)
    frame.sequence = sequence
    frame.wall_time_us = wallTimeMicroseconds
    frame.monotonic_time_us = monotonicMicroseconds

    let stamp = FrameStamp(config, after: self.config, isFirst: opening != nil)
    if config != self.config { self.config = config }

    let start = buffer.count
    return memory.withUnsafeMutableBytes { memory in
      var columns = FrameColumns(memory.baseAddress!, series: table.count)
      table.advance(to: values, present, listing: &columns)
      frame.pack(
        columns, newSeries: newSeries, stamp: stamp, processes: processes, opening: opening, into: &buffer)
      return FrameStatistics(
        bytes: buffer.count - start, samples: table.presentCount,
        changes: columns.integerCount + columns.doubleCount, newSeries: newSeries.count,
        gone: columns.goneCount)
    }
  }
}

extension Muster__V1__MetricsFrame {
  /// Appends this frame with these parts to a buffer.
  mutating func pack(
    _ columns: FrameColumns, newSeries: ArraySlice<SeriesDescriptor>, stamp: FrameStamp?,
    processes: ProcessList?, opening: StreamOpening?, into buffer: inout [UInt8]
  ) {
    columns.fill(&self)
    let isPlain = newSeries.isEmpty && stamp == nil && processes == nil && opening == nil
    let said = isPlain ? nil : Arena()
    defer { withExtendedLifetime(said) {} }
    if let said {
      (n_new_series, new_series) = said.list(newSeries)
      stamp?.fill(&self, said)
      self.processes = processes.map(said.message)
      self.opening = opening.map(said.message)
    }
    withUnsafePointer(to: &base) { Wire.pack($0, into: &buffer) }
  }
}
