internal import CProtobufC
public import GRPC

/// Asks for the selected hosts, once.
public struct ListHostsRequest: GRPCMessage, Hashable, Sendable {
  /// Which hosts; empty: all.
  public var selector: String

  /// A request for these hosts.
  public init(selector: String = "") { self.selector = selector }
}

/// The selected hosts.
public struct ListHostsResponse: GRPCMessage, Hashable, Sendable {
  /// Ordered by instance.
  public var hosts: [HostInfo]

  /// A response of these hosts.
  public init(hosts: [HostInfo]) { self.hosts = hosts }
}

/// Asks for the selected hosts, and for what changes.
public struct WatchHostsRequest: GRPCMessage, Hashable, Sendable {
  /// Which hosts; empty: all.
  public var selector: String
  /// How often at most, 100 to 60000; 0 stands for 1000.
  public var intervalMilliseconds: UInt32

  /// A request for these hosts.
  public init(selector: String = "", intervalMilliseconds: UInt32 = 0) {
    self.selector = selector
    self.intervalMilliseconds = intervalMilliseconds
  }
}

/// Hosts as they stand, or those that changed.
public struct HostsUpdate: GRPCMessage, Hashable, Sendable {
  /// True on the messages that list the fleet as it stood when the watch began; a large fleet takes
  /// several.
  public var initial: Bool
  /// The hosts.
  public var hosts: [HostInfo]
  /// The aggregator's clock: microseconds since 1970.
  public var serverTimeMicroseconds: Int64

  /// An update of these hosts.
  public init(initial: Bool, hosts: [HostInfo], serverTimeMicroseconds: Int64) {
    self.initial = initial
    self.hosts = hosts
    self.serverTimeMicroseconds = serverTimeMicroseconds
  }
}

extension ListHostsRequest: WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Muster__V1__ListHostsRequest>) {
    muster__v1__list_hosts_request__init(packed)
  }

  init(_ packed: Muster__V1__ListHostsRequest) throws(Status) {
    self.init(selector: try text(packed.selector, "selector", MessageLimits.selectorBytes))
  }

  func fill(_ packed: inout Muster__V1__ListHostsRequest, _ arena: Arena) {
    packed.selector = arena.text(selector)
  }
}

extension ListHostsResponse: WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Muster__V1__ListHostsResponse>) {
    muster__v1__list_hosts_response__init(packed)
  }

  init(_ packed: Muster__V1__ListHostsResponse) throws(Status) {
    self.init(hosts: try list(packed.hosts, packed.n_hosts, "hosts", MessageLimits.hosts))
  }

  func fill(_ packed: inout Muster__V1__ListHostsResponse, _ arena: Arena) {
    (packed.n_hosts, packed.hosts) = arena.list(hosts)
  }
}

extension WatchHostsRequest: WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Muster__V1__WatchHostsRequest>) {
    muster__v1__watch_hosts_request__init(packed)
  }

  init(_ packed: Muster__V1__WatchHostsRequest) throws(Status) {
    self.init(
      selector: try text(packed.selector, "selector", MessageLimits.selectorBytes),
      intervalMilliseconds: packed.interval_ms)
  }

  func fill(_ packed: inout Muster__V1__WatchHostsRequest, _ arena: Arena) {
    packed.selector = arena.text(selector)
    packed.interval_ms = intervalMilliseconds
  }
}

extension HostsUpdate: WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Muster__V1__HostsUpdate>) {
    muster__v1__hosts_update__init(packed)
  }

  init(_ packed: Muster__V1__HostsUpdate) throws(Status) {
    self.init(
      initial: packed.initial != 0,
      hosts: try list(packed.hosts, packed.n_hosts, "hosts", MessageLimits.hosts),
      serverTimeMicroseconds: packed.server_time_us)
  }

  func fill(_ packed: inout Muster__V1__HostsUpdate, _ arena: Arena) {
    packed.initial = initial ? 1 : 0
    (packed.n_hosts, packed.hosts) = arena.list(hosts)
    packed.server_time_us = serverTimeMicroseconds
  }
}
