internal import CProtobufC
public import GRPC

/// Takes hosts out of the fleet that will not come back.
public struct RetireHostsRequest: GRPCMessage, Hashable, Sendable {
  /// Which hosts.
  public var selector: String
  /// For the audit log: who asks …
  public var author: String
  /// … and why.
  public var message: String
  /// Takes the retirement back.
  public var undo: Bool

  /// A request for these hosts.
  public init(selector: String = "", author: String = "", message: String = "", undo: Bool = false) {
    self.selector = selector
    self.author = author
    self.message = message
    self.undo = undo
  }
}

/// Hosts that were retired, or came back.
public struct RetireHostsResponse: GRPCMessage, Hashable, Sendable {
  /// What they call themselves.
  public var instances: [String]

  /// A response of these hosts.
  public init(instances: [String] = []) {
    self.instances = instances
  }
}

extension RetireHostsRequest: WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Muster__V1__RetireHostsRequest>) {
    muster__v1__retire_hosts_request__init(packed)
  }

  init(_ packed: Muster__V1__RetireHostsRequest) throws(Status) {
    self.init(
      selector: try text(packed.selector, "selector", MessageLimits.selectorBytes),
      author: try text(packed.author, "author", MessageLimits.authorBytes),
      message: try text(packed.message, "message", MessageLimits.reasonBytes), undo: packed.undo != 0)
  }

  func fill(_ packed: inout Muster__V1__RetireHostsRequest, _ arena: Arena) {
    packed.selector = arena.text(selector)
    packed.author = arena.text(author)
    packed.message = arena.text(message)
    packed.undo = undo ? 1 : 0
  }
}

extension RetireHostsResponse: WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Muster__V1__RetireHostsResponse>) {
    muster__v1__retire_hosts_response__init(packed)
  }

  init(_ packed: Muster__V1__RetireHostsResponse) throws(Status) {
    self.init(
      instances: try texts(
        packed.instances, packed.n_instances, "instances", MessageLimits.hosts, MessageLimits.instanceBytes))
  }

  func fill(_ packed: inout Muster__V1__RetireHostsResponse, _ arena: Arena) {
    (packed.n_instances, packed.instances) = arena.texts(instances)
  }
}
