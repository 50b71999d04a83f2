internal import CProtobufC
public import GRPC

/// Names hosts that should come.
public struct ExpectHostsRequest: GRPCMessage, Hashable, Sendable {
  /// Names of hosts, as their `instance` will be.
  public var instances: [String]
  /// For the audit log: who asks.
  public var author: String
  /// No longer expected.
  public var undo: Bool

  /// A request for these hosts.
  public init(instances: [String] = [], author: String = "", undo: Bool = false) {
    self.instances = instances
    self.author = author
    self.undo = undo
  }
}

/// Hosts that are expected now, or no longer.
public struct ExpectHostsResponse: GRPCMessage, Hashable, Sendable {
  /// Those for which it changed something.
  public var instances: [String]

  /// A response of these hosts.
  public init(instances: [String] = []) {
    self.instances = instances
  }
}

extension ExpectHostsRequest: WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Muster__V1__ExpectHostsRequest>) {
    muster__v1__expect_hosts_request__init(packed)
  }

  init(_ packed: Muster__V1__ExpectHostsRequest) throws(Status) {
    self.init(
      instances: try texts(
        packed.instances, packed.n_instances, "instances", MessageLimits.hosts, MessageLimits.instanceBytes),
      author: try text(packed.author, "author", MessageLimits.authorBytes), undo: packed.undo != 0)
  }

  func fill(_ packed: inout Muster__V1__ExpectHostsRequest, _ arena: Arena) {
    (packed.n_instances, packed.instances) = arena.texts(instances)
    packed.author = arena.text(author)
    packed.undo = undo ? 1 : 0
  }
}

extension ExpectHostsResponse: WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Muster__V1__ExpectHostsResponse>) {
    muster__v1__expect_hosts_response__init(packed)
  }

  init(_ packed: Muster__V1__ExpectHostsResponse) throws(Status) {
    self.init(
      instances: try texts(
        packed.instances, packed.n_instances, "instances", MessageLimits.hosts, MessageLimits.instanceBytes))
  }

  func fill(_ packed: inout Muster__V1__ExpectHostsResponse, _ arena: Arena) {
    (packed.n_instances, packed.instances) = arena.texts(instances)
  }
}
