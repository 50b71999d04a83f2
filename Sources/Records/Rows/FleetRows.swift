internal import Wire

extension StoredHost: StoredRow {
  static let table = Table(
    "hosts", key: ["host_id"],
    [
      "instance", "labels_json", "machine_sha256", "epoch", "boot_id", "operating_system", "kernel_release",
      "architecture", "collector_version", "address", "first_seen_us", "last_seen_us", "retired",
      "goodbye_reason", "cloned_from", "interval_ms",
    ])

  func write(to row: inout RowWriter) {
    row.add(hostID)
    row.add(instance)
    row.add(json: labels.map(LabelText.init))
    row.add(machineSHA256)
    row.add(epoch)
    row.add(bootID)
    row.add(operatingSystem)
    row.add(kernelRelease)
    row.add(architecture)
    row.add(collectorVersion)
    row.add(address)
    row.add(firstSeenMicroseconds)
    row.add(lastSeenMicroseconds)
    row.add(isRetired)
    row.add(goodbyeReason)
    row.add(clonedFrom)
    row.add(intervalMilliseconds)
  }

  init(_ row: inout RowReader) throws {
    self.init(
      hostID: try row.next(), instance: try row.next(), labels: try row.json([LabelText].self).map(\.label),
      machineSHA256: try row.next(), epoch: try row.next(), bootID: try row.next(),
      operatingSystem: try row.next(), kernelRelease: try row.next(), architecture: try row.next(),
      collectorVersion: try row.next(), address: try row.next(), firstSeenMicroseconds: try row.next(),
      lastSeenMicroseconds: try row.next(), isRetired: try row.next(), goodbyeReason: try row.next(),
      clonedFrom: try row.next(), intervalMilliseconds: try row.next())
  }
}

extension StoredExpectation: StoredRow {
  static let table = Table("expectations", key: ["instance"], ["author", "since_us"])

  func write(to row: inout RowWriter) {
    row.add(instance)
    row.add(author)
    row.add(sinceMicroseconds)
  }

  init(_ row: inout RowReader) throws {
    self.init(instance: try row.next(), author: try row.next(), sinceMicroseconds: try row.next())
  }
}
