internal import CProtobufC
public import GRPC

/// Asks the aggregator what it is.
public struct GetVersionRequest: GRPCMessage, Hashable, Sendable {
  /// The request; it has no parts.
  public init() {}
}

/// What the aggregator is, and how much it holds.
public struct GetVersionResponse: GRPCMessage, Hashable, Sendable {
  /// Its `MusterVersion.current`.
  public var version: String
  /// When it started: microseconds since 1970 by its clock.
  public var startedMicroseconds: Int64
  /// Hosts of the fleet.
  public var hosts: UInt64
  /// Series of all of them.
  public var series: UInt64

  /// A response of these figures.
  public init(
    version: String = MusterVersion.current, startedMicroseconds: Int64, hosts: UInt64, series: UInt64
  ) {
    self.version = version
    self.startedMicroseconds = startedMicroseconds
    self.hosts = hosts
    self.series = series
  }
}

extension GetVersionRequest: WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Muster__V1__GetVersionRequest>) {
    muster__v1__get_version_request__init(packed)
  }

  init(_ packed: Muster__V1__GetVersionRequest) throws(Status) { self.init() }

  func fill(_ packed: inout Muster__V1__GetVersionRequest, _ arena: Arena) {}
}

extension GetVersionResponse: WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Muster__V1__GetVersionResponse>) {
    muster__v1__get_version_response__init(packed)
  }

  init(_ packed: Muster__V1__GetVersionResponse) throws(Status) {
    self.init(
      version: try text(packed.version, "version", MessageLimits.descriptionBytes),
      startedMicroseconds: packed.started_us, hosts: packed.hosts, series: packed.series)
  }

  func fill(_ packed: inout Muster__V1__GetVersionResponse, _ arena: Arena) {
    packed.version = arena.text(version)
    packed.started_us = startedMicroseconds
    packed.hosts = hosts
    packed.series = series
  }
}
