internal import CProtobufC
internal import GRPC

/// Values that were read for a command.
public struct CommandSamples: Hashable, Sendable {
  /// When they were read: microseconds since 1970 by the host's clock.
  public var timeMicroseconds: Int64
  /// The values, as they are shown.
  public var samples: [CommandSample]

  /// Samples of one moment.
  public init(timeMicroseconds: Int64 = 0, samples: [CommandSample] = []) {
    self.timeMicroseconds = timeMicroseconds
    self.samples = samples
  }
}

/// A value that was read for a command.
public struct CommandSample: Hashable, Sendable {
  /// The metric's name.
  public var name: String
  /// Its labels, without those of the host.
  public var labels: [Label]
  /// What is shown.
  public var value: Double

  /// A sample of a series.
  public init(name: String, labels: [Label] = [], value: Double) {
    self.name = name
    self.labels = labels
    self.value = value
  }
}

extension CommandSamples: WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Muster__V1__CommandSamples>) {
    muster__v1__command_samples__init(packed)
  }

  init(_ packed: Muster__V1__CommandSamples) throws(Status) {
    self.init(
      timeMicroseconds: packed.time_us,
      samples: try list(packed.samples, packed.n_samples, "samples", MessageLimits.samples))
  }

  func fill(_ packed: inout Muster__V1__CommandSamples, _ arena: Arena) {
    packed.time_us = timeMicroseconds
    (packed.n_samples, packed.samples) = arena.list(samples)
  }
}

extension CommandSample: WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Muster__V1__CommandSample>) {
    muster__v1__command_sample__init(packed)
  }

  init(_ packed: Muster__V1__CommandSample) throws(Status) {
    self.init(
      name: try text(packed.name, "metric name", MessageLimits.nameBytes),
      labels: try list(packed.labels, packed.n_labels, "labels of a series", MessageLimits.labels),
      value: packed.value)
  }

  func fill(_ packed: inout Muster__V1__CommandSample, _ arena: Arena) {
    packed.name = arena.text(name)
    (packed.n_labels, packed.labels) = arena.list(labels)
    packed.value = value
  }
}
