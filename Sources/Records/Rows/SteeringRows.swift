internal import Steering
internal import Wire

/// `current` has no column: layers say it.
extension ConfigDocument: StoredRow {
  static let table = Table(
    "documents", key: ["version"],
    ["selector", "sha256", "yaml", "author", "message", "created_us", "quarantined"])

  func write(to row: inout RowWriter) {
    row.add(version)
    row.add(selector)
    row.add(sha256)
    row.add(yaml)
    row.add(author)
    row.add(message)
    row.add(createdMicroseconds)
    row.add(quarantined)
  }

  init(_ row: inout RowReader) throws {
    self.init(
      version: try row.next(), selector: try row.next(), sha256: try row.next(), yaml: try row.next(),
      author: try row.next(), message: try row.next(), createdMicroseconds: try row.next(),
      quarantined: try row.next())
  }
}

/// Its table has a column `position` besides, which is counted up with every insertion.
extension QuarantinedConfig: StoredRow {
  static let table = Table("quarantined_configs", key: ["sha256"], ["reason"])

  func write(to row: inout RowWriter) {
    row.add(sha256)
    row.add(reason)
  }

  init(_ row: inout RowReader) throws {
    self.init(sha256: try row.next(), reason: try row.next())
  }
}

extension StoredLayer: StoredRow {
  static let table = Table("layers", key: ["selector"], ["current", "history_json"])

  func write(to row: inout RowWriter) {
    row.add(selector)
    row.add(current)
    row.add(json: history)
  }

  init(_ row: inout RowReader) throws {
    self.init(selector: try row.next(), current: try row.next(), history: try row.json())
  }
}

extension StoredHostConfig: StoredRow {
  static let table = Table(
    "host_configs", key: ["host_id"],
    ["sha256", "version", "rollout", "state", "reason", "stamped_sha256", "failures_json", "changed_us"])

  func write(to row: inout RowWriter) {
    row.add(hostID)
    row.add(sha256)
    row.add(version)
    row.add(rollout)
    row.add(state)
    row.add(reason)
    row.add(stampedSHA256)
    row.add(json: failures.map(FailureText.init))
    row.add(changedMicroseconds)
  }

  init(_ row: inout RowReader) throws {
    self.init(
      hostID: try row.next(), sha256: try row.next(), version: try row.next(), rollout: try row.next(),
      state: try row.next(), reason: try row.next(), stampedSHA256: try row.next(),
      failures: try row.json([FailureText].self).map(\.failure), changedMicroseconds: try row.next())
  }
}
