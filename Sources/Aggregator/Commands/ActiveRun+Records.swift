import GRPC
import Records
import Wire

extension RunOrder {
  /// The run's entry in the audit log, as it begins.
  func entry(in audit: AuditLog, at now: Moment) -> AuditEntry {
    let kind = action.kind
    var entry = audit.entry(
      auditAction ?? "run.\(kind.rawValue)", author: author, address: address, role: kind.role, at: now)
    entry.selector = selector
    entry.detail = action.detail
    entry.message = message
    entry.outcome = StoredRun.running
    entry.hosts = UInt32(clamping: hosts.count)
    return entry
  }

  /// Refuses what cannot be begun.
  func check() throws(Status) {
    guard !hosts.isEmpty else { throw Status(.failedPrecondition, "no host is selected") }
    guard hosts.count <= RunLimits.hosts else {
      throw Status(
        .failedPrecondition,
        "\(hosts.count) hosts are selected; one command goes to at most \(RunLimits.hosts): narrow the selector"
      )
    }
    guard timeToLive ?? timeout > .zero else {
      throw Status(.failedPrecondition, "the command's time to live has passed; nothing was sent")
    }
  }
}

extension ActiveRun {
  /// As the records have it while it runs.
  var stored: StoredRun {
    StoredRun(
      id: number, key: order.idempotencyKey, command: order.action.kind.rawValue, selector: order.selector,
      author: order.author, startedMicroseconds: entry.timeMicroseconds)
  }

  /// What is written when it is over.
  func closing(_ core: CommandRun, at now: Moment) -> [RecordsChange] {
    var stored = stored
    stored.endedMicroseconds = now.wallMicroseconds
    (stored.outcome, stored.summary) = core.ending
    var entry = entry
    (entry.outcome, entry.summary) = core.ending
    entry.host = Array(core.results.prefix(MessageLimits.auditHosts))
    return [.run(stored), .audit(entry)]
  }
}

extension CommandRun {
  /// Its outcome in one word, and in one line.
  var ending: (outcome: String, summary: String) {
    if case .over(let status) = phase, status.code != .ok, !isCancelled {
      return ("failed", status.message)
    }
    let outcome = isCancelled ? "cancelled" : progress.ok == progress.total ? "ok" : "failed"
    return (outcome, progress.summary)
  }
}
