import GRPC
import Selection
import Steering
import Wire

/// What the audit log is told.
extension SteeringCore {
  /// Who did what happens by itself.
  static let ownName = "muster-aggregator"

  /// What happened by itself.
  func entry(for note: SteeringNote) -> AuditEntry {
    var entry = audit.entry(note.action, author: Self.ownName, address: "", role: .operate, at: clock.now)
    entry.selector = note.selector
    entry.detail = note.rollout == 0 ? "" : "rollout \(note.rollout)"
    entry.outcome = note.outcome
    entry.summary = note.summary
    entry.hosts = UInt32(clamping: note.hosts.count)
    entry.host = note.hosts
    return entry
  }

  /// What an operator had done.
  func entry(
    for order: SteeringOrder, _ rollout: Rollout, by asker: Asker, at now: Moment
  ) -> AuditEntry {
    var entry = audit.entry(
      order.auditAction, author: asker.author, address: asker.address, role: .operate, at: now)
    entry.selector = rollout.selector
    entry.message = order.message
    entry.outcome = "ok"
    entry.hosts = rollout.waveHosts.last ?? 0
    switch order {
    case .steer:
      entry.detail = "rollout \(rollout.id)"
      entry.summary = "version \(rollout.version) is \(rollout.state)"
    case .push, .rollBack:
      entry.detail = "version \(rollout.version) instead of \(rollout.previousVersion)"
      entry.summary = "rollout \(rollout.id): \(entry.hosts) hosts in \(rollout.waveHosts.count) waves"
      entry.host = hosts(selectedBy: rollout.selector)
    }
    return entry
  }

  /// The first hosts that a layer selects, by their own labels.
  private func hosts(selectedBy text: String) -> [AuditHost] {
    guard let selector = try? Selector(parsing: text) else { return [] }
    return
      fleet.hosts.lazy
      .filter { !$0.isOwn }
      .map { $0.steered }
      .filter { !$0.isRetired }
      .filter { selector.matches(hostID: $0.hostID, instance: $0.instance, labels: $0.labels) }
      .prefix(MessageLimits.auditHosts)
      .map { AuditHost(hostID: $0.hostID, instance: $0.instance, outcome: "") }
  }
}

extension SteeringOrder {
  fileprivate var auditAction: String {
    switch self {
    case .push: "config.push"
    case .rollBack: "config.rollback"
    case .steer(let request):
      switch request.action {
      case .pause: "config.pause"
      case .resume: "config.resume"
      case .abort: "config.abort"
      case .promote: "config.promote"
      case .unknown: "config.steer"
      }
    }
  }

  fileprivate var message: String {
    switch self {
    case .push(let request): request.message
    case .rollBack(let request): request.message
    case .steer(let request): request.message
    }
  }
}
