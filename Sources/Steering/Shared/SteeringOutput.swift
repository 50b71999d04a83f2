public import Wire

/// What follows from events: `changes` are made durable first, then `sends` may happen.
public struct SteeringOutput: Hashable, Sendable {
  /// To be written, in this order, in one transaction.
  public var changes: [SteeringChange]
  /// To be done once `changes` are durable, in this order.
  public var sends: [SteeringSend]
  /// For the audit log and the log.
  public var notes: [SteeringNote]

  /// An output of these parts.
  public init(changes: [SteeringChange] = [], sends: [SteeringSend] = [], notes: [SteeringNote] = []) {
    self.changes = changes
    self.sends = sends
    self.notes = notes
  }

  /// Whether nothing follows.
  public var isEmpty: Bool { changes.isEmpty && sends.isEmpty && notes.isEmpty }
}

/// Something to tell the world.
public enum SteeringSend: Hashable, Sendable {
  /// Down the host's Watch.
  case offer(hostID: String, ConfigUpdate)
  /// Down the host's control stream, as ConfigConfirm.
  case confirm(hostID: String, sha256: [UInt8])
  /// Watchers of the rollout look again.
  case rolloutMoved(UInt64)
  /// Watchers of the host look again.
  case standingChanged(hostID: String)
}

/// Something that happened by itself, for the audit log.
public struct SteeringNote: Hashable, Sendable {
  /// The rollout it belongs to; 0: none.
  public var rollout: UInt64
  /// `config.wave`, `config.halted`, `config.completed`, `config.rolled_back`, `host.config_failed`.
  public var action: String
  /// The layer that it is about; empty: the fleet's, or none.
  public var selector: String
  /// `ok` or `failed`.
  public var outcome: String
  /// One line for people.
  public var summary: String
  /// The hosts it names, at most 1000.
  public var hosts: [AuditHost]

  /// A note of these parts.
  public init(
    rollout: UInt64, action: String, selector: String = "", outcome: String, summary: String,
    hosts: [AuditHost] = []
  ) {
    self.rollout = rollout
    self.action = action
    self.selector = selector
    self.outcome = outcome
    self.summary = summary
    self.hosts = hosts
  }
}
