import Wire

/// The audit log as a table: who did what to which hosts, when, with what result.
enum AuditTable {
  /// Newest first, as it comes.
  static func table(_ entries: [AuditEntry]) -> TextTable {
    var table = TextTable([
      .init("TIME"), .init("AUTHOR"), .init("ACTION"), .init("ON"), .init("OUTCOME"), .init("RESULT"),
      .init("DETAIL"),
    ])
    for entry in entries {
      table.add([
        WallClock.date(entry.timeMicroseconds), author(entry), entry.action, target(entry), entry.outcome,
        entry.summary, detail(entry),
      ])
    }
    return table
  }

  /// Who it says it was; an entry without an author is the aggregator's own doing.
  private static func author(_ entry: AuditEntry) -> String {
    entry.author.isEmpty ? "-" : entry.author
  }

  /// Hosts by name where they are few, else the selector that chose them.
  private static func target(_ entry: AuditEntry) -> String {
    if entry.hosts == 1, let host = entry.host.first {
      return host.instance.isEmpty ? host.hostID : host.instance
    }
    let hosts = entry.hosts > 0 ? " (\(Units.counted(Int(entry.hosts), "host")))" : ""
    return (entry.selector.isEmpty ? "the fleet" : entry.selector) + hosts
  }

  private static func detail(_ entry: AuditEntry) -> String {
    [entry.detail, entry.message].filter { !$0.isEmpty }.joined(separator: ": ")
  }
}

/// An entry of the audit log as `--output json` shows it.
struct AuditDocument: Encodable {
  let id: UInt64
  let timeUs: Int64
  let author: String
  let address: String
  let role: String
  let action: String
  let selector: String
  let detail: String?
  let message: String?
  let outcome: String
  let summary: String
  let hostCount: UInt32
  let hosts: [Host]

  struct Host: Encodable {
    let hostId: String
    let instance: String
    let outcome: String
    let reason: String?
  }

  init(_ entry: AuditEntry) {
    id = entry.id
    timeUs = entry.timeMicroseconds
    author = entry.author
    address = entry.address
    role = entry.role.word
    action = entry.action
    selector = entry.selector
    detail = entry.detail.nonEmpty
    message = entry.message.nonEmpty
    outcome = entry.outcome
    summary = entry.summary
    hostCount = entry.hosts
    hosts = entry.host.map { host in
      Host(
        hostId: host.hostID, instance: host.instance, outcome: host.outcome, reason: host.reason.nonEmpty)
    }
  }
}
