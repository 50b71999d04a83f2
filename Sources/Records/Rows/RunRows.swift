internal import Wire

extension StoredRun: StoredRow {
  static let table = Table(
    "runs", key: ["id"],
    ["key", "command", "selector", "author", "started_us", "ended_us", "outcome", "summary"])

  func write(to row: inout RowWriter) {
    row.add(id)
    row.add(key)
    row.add(command)
    row.add(selector)
    row.add(author)
    row.add(startedMicroseconds)
    row.add(endedMicroseconds)
    row.add(outcome)
    row.add(summary)
  }

  init(_ row: inout RowReader) throws {
    self.init(
      id: try row.next(), key: try row.next(), command: try row.next(), selector: try row.next(),
      author: try row.next(), startedMicroseconds: try row.next(), endedMicroseconds: try row.next(),
      outcome: try row.next(), summary: try row.next())
  }
}

/// What became of a run on one host.
struct RunHostRow: StoredRow {
  static let table = Table("run_hosts", key: ["run", "host_id"], ["instance", "outcome", "reason"])

  var run: UInt64
  var host: AuditHost
  var reason: String

  init(run: UInt64, host: AuditHost, reason: String) {
    self.run = run
    self.host = host
    self.reason = reason
  }

  func write(to row: inout RowWriter) {
    row.add(run)
    row.add(host.hostID)
    row.add(host.instance)
    row.add(host.outcome)
    row.add(reason)
  }

  init(_ row: inout RowReader) throws {
    run = try row.next()
    host = AuditHost(hostID: try row.next(), instance: try row.next(), outcome: try row.next())
    reason = try row.next()
  }
}

/// The hosts of an entry are rows of their own: `AuditHostRow`.
extension AuditEntry: StoredRow {
  static let table = Table(
    "audit", key: ["id"],
    [
      "time_us", "author", "address", "role", "action", "selector", "detail", "message", "outcome",
      "summary", "hosts",
    ])

  func write(to row: inout RowWriter) {
    row.add(id)
    row.add(timeMicroseconds)
    row.add(author)
    row.add(address)
    row.add(role)
    row.add(action)
    row.add(selector)
    row.add(detail)
    row.add(message)
    row.add(outcome)
    row.add(summary)
    row.add(hosts)
  }

  init(_ row: inout RowReader) throws {
    self.init(
      id: try row.next(), timeMicroseconds: try row.next(), author: try row.next(), address: try row.next(),
      role: try row.next(), action: try row.next(), selector: try row.next(), detail: try row.next(),
      message: try row.next(), outcome: try row.next(), summary: try row.next(), hosts: try row.next())
  }
}

/// A host that an entry of the audit log names.
struct AuditHostRow: StoredRow {
  static let table = Table("audit_hosts", key: ["entry", "position"], ["host_id", "instance", "outcome"])

  var entry: UInt64
  var position: Int64
  var host: AuditHost

  init(entry: UInt64, position: Int64, host: AuditHost) {
    self.entry = entry
    self.position = position
    self.host = host
  }

  func write(to row: inout RowWriter) {
    row.add(entry)
    row.add(position)
    row.add(host.hostID)
    row.add(host.instance)
    row.add(host.outcome)
  }

  init(_ row: inout RowReader) throws {
    entry = try row.next()
    position = try row.next()
    host = AuditHost(hostID: try row.next(), instance: try row.next(), outcome: try row.next())
  }
}
