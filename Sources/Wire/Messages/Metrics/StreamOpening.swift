internal import CProtobufC
internal import GRPC

/// Who is speaking: on the first frame of every stream, and only there.
public struct StreamOpening: Hashable, Sendable {
  /// Random, 32 lower-case hexadecimal digits, kept by the host for ever.
  public var hostID: String
  /// The kernel's boot id, 36 characters.
  public var bootID: String
  /// One per start of the collector, growing.
  public var epoch: UInt64
  /// What the host calls itself; the `instance` label of its series.
  public var instance: String
  /// The operator's own labels for this host.
  public var labels: [Label]

  /// An opening of these parts.
  public init(hostID: String, bootID: String, epoch: UInt64, instance: String, labels: [Label] = []) {
    self.hostID = hostID
    self.bootID = bootID
    self.epoch = epoch
    self.instance = instance
    self.labels = labels
  }
}

extension StreamOpening: WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Muster__V1__StreamOpening>) {
    muster__v1__stream_opening__init(packed)
  }

  init(_ packed: Muster__V1__StreamOpening) throws(Status) {
    self.init(
      hostID: try text(packed.host_id, "host_id", MessageLimits.identifierBytes),
      bootID: try text(packed.boot_id, "boot_id", MessageLimits.identifierBytes),
      epoch: packed.epoch,
      instance: try text(packed.instance, "instance", MessageLimits.instanceBytes),
      labels: try list(packed.labels, packed.n_labels, "labels of a host", MessageLimits.labels))
  }

  func fill(_ packed: inout Muster__V1__StreamOpening, _ arena: Arena) {
    packed.host_id = arena.text(hostID)
    packed.boot_id = arena.text(bootID)
    packed.epoch = epoch
    packed.instance = arena.text(instance)
    (packed.n_labels, packed.labels) = arena.list(labels)
  }
}
