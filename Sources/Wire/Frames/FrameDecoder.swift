public import GRPC

/// The receiving end of one stream of frames: its dictionary, and what each series was last.
///
/// Belongs to the stream's loop; when the stream ends, so does it. A frame that is refused with
/// INVALID_ARGUMENT (or RESOURCE_EXHAUSTED, beyond a limit) leaves the decoder as it was.
public final class FrameDecoder {
  /// What the stream may take.
  public let limits: FrameLimits
  /// Who is speaking; nil before the first frame.
  public private(set) var opening: StreamOpening?
  /// The dictionary: every series described so far; empty if it is not kept.
  public private(set) var descriptors: [SeriesDescriptor] = []

  private let keepsDescriptors: Bool
  private let reader: FrameReader

  /// A decoder for a new stream.
  ///
  /// - Parameter keepsDescriptors: false for a receiver that keeps what `DecodedFrame.newSeries` told it in
  ///   a form of its own; it saves about 200 bytes a series.
  /// - Parameter lists: what it shares with other decoders of its thread.
  public init(
    limits: FrameLimits = FrameLimits(), keepsDescriptors: Bool = true,
    listingIn lists: FrameLists = FrameLists()
  ) {
    self.limits = limits
    self.keepsDescriptors = keepsDescriptors
    reader = FrameReader(listingIn: lists)
  }

  /// Series that are present after the last frame.
  public var presentSeries: Int { reader.table.presentCount }

  /// The raw value of a series after the last frame; nil: absent, or not described.
  public func rawValue(at index: Int) -> Int64? { reader.table.raw(index) }

  /// Decodes the stream's next frame and hands it to `body`, which must not decode another one, nor have
  /// a decoder do so that shares the lists.
  ///
  /// If `body` throws, the frame has been applied nevertheless.
  public func decode<R>(
    _ bytes: UnsafeRawBufferPointer, _ body: (borrowing DecodedFrame) throws(Status) -> R
  ) throws(Status) -> R {
    defer { reader.release() }
    let fields = try reader.find(bytes)
    let opening = try readOpening(fields)
    let stamp = try fields.readStamp()
    let newSeries = try readNewSeries(fields)
    let processes = try fields.readProcesses()
    let applied = try reader.apply(fields, describing: newSeries)

    let firstNewIndex = reader.table.count - newSeries.count
    if keepsDescriptors, !newSeries.isEmpty { descriptors.append(contentsOf: newSeries) }
    if let opening { self.opening = opening }
    return try body(
      DecodedFrame(
        opening: opening, sequence: fields.sequence, wallTimeMicroseconds: fields.wallTimeMicroseconds,
        monotonicMicroseconds: fields.monotonicMicroseconds,
        configSHA256: stamp?.sha256 ?? (opening == nil ? nil : []),
        newSeries: newSeries, firstNewIndex: firstNewIndex, changes: applied.changes, gone: applied.gone,
        processes: processes, presentSeries: reader.table.presentCount))
  }

  private func readOpening(_ fields: FrameFields) throws(Status) -> StreamOpening? {
    switch (fields.opening, opening) {
    case (nil, nil):
      throw Status(.invalidArgument, "the first frame of a stream has no opening that says who is speaking")
    case (_?, let opening?):
      throw Status(.invalidArgument, "a second opening on the stream of \(opening.instance)")
    case (nil, _?):
      return nil
    case (_?, nil):
      return try fields.readOpening()
    }
  }

  private func readNewSeries(_ fields: FrameFields) throws(Status) -> [SeriesDescriptor] {
    let count = fields.newSeriesCount
    if count == 0 { return [] }
    guard count <= limits.series - reader.table.count else {
      throw Status(
        .resourceExhausted,
        "\(reader.table.count + count) series on one stream; \(limits.series) are allowed")
    }
    var series = try fields.readNewSeries()
    for index in series.indices {
      try series[index].validate()
      // Series of one metric come in a row, and a stream lives long: they share the name's memory.
      let previous = index > 0 ? series[index - 1].name : descriptors.last?.name
      if let previous, previous == series[index].name { series[index].name = previous }
    }
    return series
  }
}
