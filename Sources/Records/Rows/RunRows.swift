internal import GRPC
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

/// The hosts that an entry names are kept packed, as the wire has them: an entry of nothing but its hosts.
extension AuditEntry: StoredRow {
  static let table = Table(
    "audit", key: ["id"],
    [
      "time_us", "author", "address", "role", "action", "selector", "detail", "message", "outcome",
      "summary", "hosts", "named",
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
    row.add(Self.pack(host))
  }

  init(_ row: inout RowReader) throws {
    self.init(
      id: try row.next(), timeMicroseconds: try row.next(), author: try row.next(), address: try row.next(),
      role: try row.next(), action: try row.next(), selector: try row.next(), detail: try row.next(),
      message: try row.next(), outcome: try row.next(), summary: try row.next(), hosts: try row.next())
    host = try Self.unpack(try row.next(), row)
  }

  /// As the column `named` has them.
  static func pack(_ hosts: [AuditHost]) -> [UInt8] {
    var bytes: [UInt8] = []
    if !hosts.isEmpty { AuditEntry(id: 0, host: hosts).encode(into: &bytes) }
    return bytes
  }

  private static func unpack(_ bytes: [UInt8], _ row: RowReader) throws -> [AuditHost] {
    do {
      return try bytes.withUnsafeBytes { try AuditEntry(decoding: $0).host }
    } catch {
      throw row.damaged("does not say which hosts")
    }
  }
}
