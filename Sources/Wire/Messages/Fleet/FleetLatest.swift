internal import CProtobufC
public import GRPC

/// Asks for the latest values of the selected hosts.
public struct LatestRequest: GRPCMessage, Hashable, Sendable {
  /// Which hosts; empty: all.
  public var selector: String
  /// Which metrics, `*` stands for anything; empty: all.
  public var pattern: String

  /// A request for these values.
  public init(selector: String = "", pattern: String = "") {
    self.selector = selector
    self.pattern = pattern
  }
}

/// The latest values of one host.
public struct HostSamples: GRPCMessage, Hashable, Sendable {
  /// Whose they are.
  public var hostID: String
  /// What the host calls itself.
  public var instance: String
  /// When the host read them: microseconds since 1970 by its clock.
  public var timeMicroseconds: Int64
  /// The selected series that are present.
  public var samples: [Sample]

  /// The samples of one host.
  public init(hostID: String, instance: String, timeMicroseconds: Int64, samples: [Sample]) {
    self.hostID = hostID
    self.instance = instance
    self.timeMicroseconds = timeMicroseconds
    self.samples = samples
  }
}

/// A series and its value, ready to show.
public struct Sample: Hashable, Sendable {
  /// The metric's name.
  public var name: String
  /// Its labels, without those of the host.
  public var labels: [Label]
  /// Counter, gauge, or unknown.
  public var kind: MetricKind
  /// The base unit; empty if there is none.
  public var unit: String
  /// The value in that unit.
  public var value: Double

  /// A sample of these parts.
  public init(name: String, labels: [Label] = [], kind: MetricKind, unit: String = "", value: Double) {
    self.name = name
    self.labels = labels
    self.kind = kind
    self.unit = unit
    self.value = value
  }

  /// The sample of a series at a raw value.
  public init(_ series: SeriesDescriptor, raw: Int64) {
    self.init(
      name: series.name, labels: series.labels, kind: series.kind, unit: series.unit,
      value: series.value(ofRaw: raw))
  }
}

extension LatestRequest: WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Muster__V1__LatestRequest>) {
    muster__v1__latest_request__init(packed)
  }

  init(_ packed: Muster__V1__LatestRequest) throws(Status) {
    self.init(
      selector: try text(packed.selector, "selector", MessageLimits.selectorBytes),
      pattern: try text(packed.pattern, "pattern", MessageLimits.selectorBytes))
  }

  func fill(_ packed: inout Muster__V1__LatestRequest, _ arena: Arena) {
    packed.selector = arena.text(selector)
    packed.pattern = arena.text(pattern)
  }
}

extension HostSamples: WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Muster__V1__HostSamples>) {
    muster__v1__host_samples__init(packed)
  }

  init(_ packed: Muster__V1__HostSamples) throws(Status) {
    self.init(
      hostID: try text(packed.host_id, "host_id", MessageLimits.identifierBytes),
      instance: try text(packed.instance, "instance", MessageLimits.instanceBytes),
      timeMicroseconds: packed.time_us,
      samples: try list(packed.samples, packed.n_samples, "samples", MessageLimits.samples))
  }

  func fill(_ packed: inout Muster__V1__HostSamples, _ arena: Arena) {
    packed.host_id = arena.text(hostID)
    packed.instance = arena.text(instance)
    packed.time_us = timeMicroseconds
    (packed.n_samples, packed.samples) = arena.list(samples)
  }
}

extension Sample: WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Muster__V1__Sample>) { muster__v1__sample__init(packed) }

  init(_ packed: Muster__V1__Sample) throws(Status) {
    self.init(
      name: try text(packed.name, "metric name", MessageLimits.nameBytes),
      labels: try list(packed.labels, packed.n_labels, "labels of a series", MessageLimits.labels),
      kind: MetricKind(packed.kind), unit: try text(packed.unit, "unit", MessageLimits.unitBytes),
      value: packed.value)
  }

  func fill(_ packed: inout Muster__V1__Sample, _ arena: Arena) {
    packed.name = arena.text(name)
    (packed.n_labels, packed.labels) = arena.list(labels)
    packed.kind = kind.packed
    packed.unit = arena.text(unit)
    packed.value = value
  }
}
