internal import CProtobufC
internal import GRPC

/// When a wave is good enough. 0 stands for the default; a negative value switches the gate off.
public struct Gates: Hashable, Sendable {
  /// Share of the wave's reachable hosts that must be verified. Default 1 in waves of less than 20 hosts,
  /// else 0.95.
  public var verifiedRatio: Double
  /// Sources that may be failing on a host beyond those that failed before. Default: none may.
  public var failingSources: Double
  /// The collector's CPU as a multiple of the host's own baseline. Default 2.
  public var cpuFactor: Double
  /// The collector's memory as a multiple of the host's own baseline. Default 2.
  public var memoryFactor: Double
  /// Share of the wave's hosts that may have gone silent since. Default 0.05.
  public var silentRatio: Double

  /// Gates of these values.
  public init(
    verifiedRatio: Double = 0, failingSources: Double = 0, cpuFactor: Double = 0, memoryFactor: Double = 0,
    silentRatio: Double = 0
  ) {
    self.verifiedRatio = verifiedRatio
    self.failingSources = failingSources
    self.cpuFactor = cpuFactor
    self.memoryFactor = memoryFactor
    self.silentRatio = silentRatio
  }
}

extension Gates: WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Muster__V1__Gates>) {
    muster__v1__gates__init(packed)
  }

  init(_ packed: Muster__V1__Gates) throws(Status) {
    self.init(
      verifiedRatio: packed.verified_ratio, failingSources: packed.failing_sources,
      cpuFactor: packed.cpu_factor, memoryFactor: packed.memory_factor, silentRatio: packed.silent_ratio)
  }

  func fill(_ packed: inout Muster__V1__Gates, _ arena: Arena) {
    packed.verified_ratio = verifiedRatio
    packed.failing_sources = failingSources
    packed.cpu_factor = cpuFactor
    packed.memory_factor = memoryFactor
    packed.silent_ratio = silentRatio
  }
}
