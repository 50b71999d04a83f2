internal import CProtobufC
public import GRPC

/// Asks for the config that is meant for a host, now and whenever it changes.
public struct WatchConfigRequest: GRPCMessage, Hashable, Sendable {
  /// Identity, for ever.
  public var hostID: String
  /// The collector's.
  public var epoch: UInt64
  /// Of the config that runs; empty: none but the local file.
  public var runningSHA256: [UInt8]
  /// The newest schema that the collector understands.
  public var schema: UInt32
  /// Configs that failed or were refused here. They are not to be sent again.
  public var failedSHA256: [[UInt8]]

  /// A request of this host.
  public init(
    hostID: String, epoch: UInt64 = 0, runningSHA256: [UInt8] = [], schema: UInt32 = 0,
    failedSHA256: [[UInt8]] = []
  ) {
    self.hostID = hostID
    self.epoch = epoch
    self.runningSHA256 = runningSHA256
    self.schema = schema
    self.failedSHA256 = failedSHA256
  }
}

extension WatchConfigRequest: WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Muster__V1__WatchConfigRequest>) {
    muster__v1__watch_config_request__init(packed)
  }

  init(_ packed: Muster__V1__WatchConfigRequest) throws(Status) {
    self.init(
      hostID: try text(packed.host_id, "host_id", MessageLimits.identifierBytes), epoch: packed.epoch,
      runningSHA256: try digest(packed.running_sha256, "running_sha256"), schema: packed.schema,
      failedSHA256: try digests(
        packed.failed_sha256, packed.n_failed_sha256, "failed_sha256", MessageLimits.failedConfigs))
  }

  func fill(_ packed: inout Muster__V1__WatchConfigRequest, _ arena: Arena) {
    packed.host_id = arena.text(hostID)
    packed.epoch = epoch
    packed.running_sha256 = arena.bytes(runningSHA256)
    packed.schema = schema
    (packed.n_failed_sha256, packed.failed_sha256) = arena.byteStrings(failedSHA256)
  }
}
