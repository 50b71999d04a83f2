internal import CProtobufC
internal import GRPC

/// How one source is read.
public struct SourceConfig: Hashable, Sendable {
  /// stat, meminfo, diskstats, …: see `ConfigSchema.sourceNames`.
  public var name: String
  /// Whether it is read at all.
  public var enabled: Switch
  /// 0: the collector's interval. Longer ones only.
  public var intervalMilliseconds: UInt32

  /// A source of this name.
  public init(name: String, enabled: Switch = .unset, intervalMilliseconds: UInt32 = 0) {
    self.name = name
    self.enabled = enabled
    self.intervalMilliseconds = intervalMilliseconds
  }
}

extension SourceConfig: WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Muster__V1__SourceConfig>) {
    muster__v1__source_config__init(packed)
  }

  init(_ packed: Muster__V1__SourceConfig) throws(Status) {
    self.init(
      name: try text(packed.name, "source name", MessageLimits.nameBytes), enabled: Switch(packed.enabled),
      intervalMilliseconds: packed.interval_ms)
  }

  func fill(_ packed: inout Muster__V1__SourceConfig, _ arena: Arena) {
    packed.name = arena.text(name)
    packed.enabled = enabled.packed
    packed.interval_ms = intervalMilliseconds
  }
}
