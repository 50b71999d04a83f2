internal import CProtobufC
public import GRPC

/// Asks who did what, newest first.
public struct ListAuditRequest: GRPCMessage, Hashable, Sendable {
  /// Whose; empty: everybody's.
  public var author: String
  /// A prefix: `run`, `config`, `hosts`, `config.push`; empty: all.
  public var action: String
  /// An instance or a host id; empty: all.
  public var host: String
  /// From when on, microseconds since 1970; 0: from the beginning.
  public var sinceMicroseconds: Int64
  /// Until when; 0: now.
  public var untilMicroseconds: Int64
  /// 1 to 100000; 0 stands for 100.
  public var limit: UInt32

  /// A request for these entries.
  public init(
    author: String = "", action: String = "", host: String = "", sinceMicroseconds: Int64 = 0,
    untilMicroseconds: Int64 = 0, limit: UInt32 = 0
  ) {
    self.author = author
    self.action = action
    self.host = host
    self.sinceMicroseconds = sinceMicroseconds
    self.untilMicroseconds = untilMicroseconds
    self.limit = limit
  }
}

extension ListAuditRequest: WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Muster__V1__ListAuditRequest>) {
    muster__v1__list_audit_request__init(packed)
  }

  init(_ packed: Muster__V1__ListAuditRequest) throws(Status) {
    self.init(
      author: try text(packed.author, "author", MessageLimits.authorBytes),
      action: try text(packed.action, "action", MessageLimits.nameBytes),
      host: try text(packed.host, "host", MessageLimits.instanceBytes), sinceMicroseconds: packed.since_us,
      untilMicroseconds: packed.until_us, limit: packed.limit)
  }

  func fill(_ packed: inout Muster__V1__ListAuditRequest, _ arena: Arena) {
    packed.author = arena.text(author)
    packed.action = arena.text(action)
    packed.host = arena.text(host)
    packed.since_us = sinceMicroseconds
    packed.until_us = untilMicroseconds
    packed.limit = limit
  }
}
