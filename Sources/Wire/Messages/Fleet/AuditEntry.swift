internal import CProtobufC
public import GRPC

/// Something that was done, and by whom.
public struct AuditEntry: GRPCMessage, Hashable, Sendable {
  /// One sequence, growing.
  public var id: UInt64
  /// When: microseconds since 1970 by the aggregator's clock.
  public var timeMicroseconds: Int64
  /// As the peer says …
  public var author: String
  /// … its address is what is known of it.
  public var address: String
  /// What it had to be allowed to do.
  public var role: Role
  /// run.ping, config.push, config.rolled_back, hosts.retire, …
  public var action: String
  /// Which hosts.
  public var selector: String
  /// What was asked for, in one line.
  public var detail: String
  /// Why, as the author says.
  public var message: String
  /// ok, failed, refused, running, …
  public var outcome: String
  /// One line: "312 of 1000 ok, 3 refused".
  public var summary: String
  /// How many hosts it concerned …
  public var hosts: UInt32
  /// … and the first `MessageLimits.auditHosts` of them.
  public var host: [AuditHost]

  /// An entry of these parts.
  public init(
    id: UInt64, timeMicroseconds: Int64 = 0, author: String = "", address: String = "",
    role: Role = .unspecified, action: String = "", selector: String = "", detail: String = "",
    message: String = "", outcome: String = "", summary: String = "", hosts: UInt32 = 0,
    host: [AuditHost] = []
  ) {
    self.id = id
    self.timeMicroseconds = timeMicroseconds
    self.author = author
    self.address = address
    self.role = role
    self.action = action
    self.selector = selector
    self.detail = detail
    self.message = message
    self.outcome = outcome
    self.summary = summary
    self.hosts = hosts
    self.host = host
  }
}

/// A host that something was done to.
public struct AuditHost: Hashable, Sendable {
  /// Identity, for ever.
  public var hostID: String
  /// What it calls itself.
  public var instance: String
  /// What became of it there.
  public var outcome: String
  /// Why; empty: all went well, or nobody said.
  public var reason: String

  /// A host of this outcome.
  public init(hostID: String, instance: String = "", outcome: String = "", reason: String = "") {
    self.hostID = hostID
    self.instance = instance
    self.outcome = outcome
    self.reason = reason
  }
}

extension AuditEntry: WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Muster__V1__AuditEntry>) {
    muster__v1__audit_entry__init(packed)
  }

  init(_ packed: Muster__V1__AuditEntry) throws(Status) {
    self.init(
      id: packed.id, timeMicroseconds: packed.time_us,
      author: try text(packed.author, "author", MessageLimits.authorBytes),
      address: try text(packed.address, "address", MessageLimits.descriptionBytes), role: Role(packed.role),
      action: try text(packed.action, "action", MessageLimits.nameBytes),
      selector: try text(packed.selector, "selector", MessageLimits.selectorBytes),
      detail: try text(packed.detail, "detail", MessageLimits.detailBytes),
      message: try text(packed.message, "message", MessageLimits.reasonBytes),
      outcome: try text(packed.outcome, "outcome", MessageLimits.nameBytes),
      summary: try text(packed.summary, "summary", MessageLimits.detailBytes), hosts: packed.hosts,
      host: try list(packed.host, packed.n_host, "host", MessageLimits.auditHosts))
  }

  func fill(_ packed: inout Muster__V1__AuditEntry, _ arena: Arena) {
    packed.id = id
    packed.time_us = timeMicroseconds
    packed.author = arena.text(author)
    packed.address = arena.text(address)
    packed.role = role.packed
    packed.action = arena.text(action)
    packed.selector = arena.text(selector)
    packed.detail = arena.text(detail, cutTo: MessageLimits.detailBytes)
    packed.message = arena.text(message)
    packed.outcome = arena.text(outcome, cutTo: MessageLimits.nameBytes)
    packed.summary = arena.text(summary, cutTo: MessageLimits.detailBytes)
    packed.hosts = hosts
    (packed.n_host, packed.host) = arena.list(host.prefix(MessageLimits.auditHosts))
  }
}

extension AuditHost: WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Muster__V1__AuditHost>) {
    muster__v1__audit_host__init(packed)
  }

  init(_ packed: Muster__V1__AuditHost) throws(Status) {
    self.init(
      hostID: try text(packed.host_id, "host_id", MessageLimits.identifierBytes),
      instance: try text(packed.instance, "instance", MessageLimits.instanceBytes),
      outcome: try text(packed.outcome, "outcome", MessageLimits.reasonBytes),
      reason: try text(packed.reason, "reason", MessageLimits.reasonBytes))
  }

  func fill(_ packed: inout Muster__V1__AuditHost, _ arena: Arena) {
    packed.host_id = arena.text(hostID)
    packed.instance = arena.text(instance)
    packed.outcome = arena.text(outcome, cutTo: MessageLimits.reasonBytes)
    packed.reason = arena.text(reason, cutTo: MessageLimits.reasonBytes)
  }
}
