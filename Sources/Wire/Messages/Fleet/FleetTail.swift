internal import CProtobufC
public import GRPC

/// Asks for a selection as it arrives.
public struct TailRequest: GRPCMessage, Hashable, Sendable {
  /// Which hosts; empty: all.
  public var selector: String
  /// Which metrics, `*` stands for anything; empty: all.
  public var pattern: String
  /// How much of the past to send first, as far as it is held; at most 3600000.
  public var historyMilliseconds: UInt32
  /// Has the selected hosts sample at least this often for as long as the call is open: 100 to 60000, on at
  /// most 16 hosts. 0: as they are.
  public var raiseIntervalMilliseconds: UInt32

  /// A request for this selection.
  public init(
    selector: String = "", pattern: String = "", historyMilliseconds: UInt32 = 0,
    raiseIntervalMilliseconds: UInt32 = 0
  ) {
    self.selector = selector
    self.pattern = pattern
    self.historyMilliseconds = historyMilliseconds
    self.raiseIntervalMilliseconds = raiseIntervalMilliseconds
  }
}

/// News of one host of a tail.
public struct TailUpdate: GRPCMessage, Hashable, Sendable {
  /// Whose they are.
  public var hostID: String
  /// What the host calls itself.
  public var instance: String
  /// Series of this host not yet described on this stream; they take its next indexes: 0, 1, 2, …
  public var newSeries: [TailSeries]
  /// Its frames, oldest first.
  public var frames: [TailFrame]
  /// Frames left out since the last update of this host, because the reader was too slow.
  public var skippedFrames: UInt64

  /// An update of one host.
  public init(
    hostID: String, instance: String, newSeries: [TailSeries] = [], frames: [TailFrame] = [],
    skippedFrames: UInt64 = 0
  ) {
    self.hostID = hostID
    self.instance = instance
    self.newSeries = newSeries
    self.frames = frames
    self.skippedFrames = skippedFrames
  }
}

/// A series of a tail.
public struct TailSeries: Hashable, Sendable {
  /// The metric's name.
  public var name: String
  /// Its labels, without those of the host.
  public var labels: [Label]
  /// Counter, gauge, or unknown.
  public var kind: MetricKind
  /// The base unit; empty if there is none.
  public var unit: String

  /// A series of these parts.
  public init(name: String, labels: [Label] = [], kind: MetricKind, unit: String = "") {
    self.name = name
    self.labels = labels
    self.kind = kind
    self.unit = unit
  }
}

/// The selected values of one frame of a host. Both columns have the same length.
public struct TailFrame: Hashable, Sendable {
  /// When the host read them: microseconds since 1970 by its clock.
  public var timeMicroseconds: Int64
  /// Every selected series present in the frame, by index, ascending …
  public var series: [UInt32]
  /// … and its value.
  public var values: [Double]

  /// A frame of these columns.
  public init(timeMicroseconds: Int64, series: [UInt32], values: [Double]) {
    self.timeMicroseconds = timeMicroseconds
    self.series = series
    self.values = values
  }
}

extension TailRequest: WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Muster__V1__TailRequest>) {
    muster__v1__tail_request__init(packed)
  }

  init(_ packed: Muster__V1__TailRequest) throws(Status) {
    self.init(
      selector: try text(packed.selector, "selector", MessageLimits.selectorBytes),
      pattern: try text(packed.pattern, "pattern", MessageLimits.selectorBytes),
      historyMilliseconds: packed.history_ms, raiseIntervalMilliseconds: packed.raise_interval_ms)
  }

  func fill(_ packed: inout Muster__V1__TailRequest, _ arena: Arena) {
    packed.selector = arena.text(selector)
    packed.pattern = arena.text(pattern)
    packed.history_ms = historyMilliseconds
    packed.raise_interval_ms = raiseIntervalMilliseconds
  }
}

extension TailUpdate: WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Muster__V1__TailUpdate>) {
    muster__v1__tail_update__init(packed)
  }

  init(_ packed: Muster__V1__TailUpdate) throws(Status) {
    self.init(
      hostID: try text(packed.host_id, "host_id", MessageLimits.identifierBytes),
      instance: try text(packed.instance, "instance", MessageLimits.instanceBytes),
      newSeries: try list(packed.new_series, packed.n_new_series, "new_series", MessageLimits.samples),
      frames: try list(packed.frames, packed.n_frames, "frames", MessageLimits.tailFrames),
      skippedFrames: packed.skipped_frames)
  }

  func fill(_ packed: inout Muster__V1__TailUpdate, _ arena: Arena) {
    packed.host_id = arena.text(hostID)
    packed.instance = arena.text(instance)
    (packed.n_new_series, packed.new_series) = arena.list(newSeries)
    (packed.n_frames, packed.frames) = arena.list(frames)
    packed.skipped_frames = skippedFrames
  }
}

extension TailSeries: WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Muster__V1__TailSeries>) {
    muster__v1__tail_series__init(packed)
  }

  init(_ packed: Muster__V1__TailSeries) throws(Status) {
    self.init(
      name: try text(packed.name, "metric name", MessageLimits.nameBytes),
      labels: try list(packed.labels, packed.n_labels, "labels of a series", MessageLimits.labels),
      kind: MetricKind(packed.kind), unit: try text(packed.unit, "unit", MessageLimits.unitBytes))
  }

  func fill(_ packed: inout Muster__V1__TailSeries, _ arena: Arena) {
    packed.name = arena.text(name)
    (packed.n_labels, packed.labels) = arena.list(labels)
    packed.kind = kind.packed
    packed.unit = arena.text(unit)
  }
}

extension TailFrame: WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Muster__V1__TailFrame>) {
    muster__v1__tail_frame__init(packed)
  }

  init(_ packed: Muster__V1__TailFrame) throws(Status) {
    guard packed.n_series == packed.n_values else {
      throw Status(
        .invalidArgument,
        "a tail's frame lists \(packed.n_series) series but \(packed.n_values) values")
    }
    self.init(
      timeMicroseconds: packed.time_us,
      series: try column(packed.series, packed.n_series, "series", MessageLimits.samples),
      values: try column(packed.values, packed.n_values, "values", MessageLimits.samples))
  }

  func fill(_ packed: inout Muster__V1__TailFrame, _ arena: Arena) {
    packed.time_us = timeMicroseconds
    (packed.n_series, packed.series) = arena.column(series)
    (packed.n_values, packed.values) = arena.column(values)
  }
}
