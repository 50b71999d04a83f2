import GRPC
import Logging

/// Who this host is, and what it is remembered by; renewed when another machine turns out to be the same.
final class HostIdentity {
  private let source: IdentitySource
  private(set) var record: IdentityRecord

  /// The identity for this start of the program, remembered in the folder.
  init(
    in directory: StateDirectory, source: IdentitySource, wallSeconds: Int64, logger: Logger
  ) throws(CollectorFailure) {
    self.source = source
    var damage: String?
    let last = directory.readIdentity(damage: &damage)
    let (record, wasCloned) = IdentityRecord.next(
      after: last, machine: source.machine(), wallSeconds: wallSeconds,
      freshHostID: IdentitySource.freshHostID)
    try directory.writeIdentity(record)
    self.record = record
    if let damage {
      logger.warning("the identity was damaged and is put aside; this host gets a new one: \(damage)")
    }
    if wasCloned {
      logger.warning(
        "the identity was made on another machine, of which this one is a clone; it gets a new one",
        metadata: ["other_host_id": "\(record.rekeyedFrom)"])
    }
  }

  /// As it is said to the aggregator.
  var identity: Identity {
    Identity(hostID: record.hostID, bootID: source.bootID(), epoch: record.epoch)
  }

  /// What binds the id to the machine: `Hello.machineSHA256`. Empty: the machine has no id.
  var machine: [UInt8] {
    record.machine.isEmpty ? [] : SHA256.digest(of: Array("\(record.hostID) \(record.machine)".utf8))
  }

  /// A new one, because another live machine has this one. It is remembered before it is used.
  func renew(
    in directory: StateDirectory, wallSeconds: Int64
  ) throws(CollectorFailure) -> (identity: Identity, machine: [UInt8]) {
    let fresh = record.rekeyed(
      as: IdentitySource.freshHostID(), machine: record.machine, wallSeconds: wallSeconds)
    try directory.writeIdentity(fresh)
    record = fresh
    return (identity, machine)
  }
}
