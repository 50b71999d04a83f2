/// Who this collector is: constant for one run of the program.
public struct Identity: Hashable, Sendable {
  /// Random, 32 lower-case hexadecimal digits, kept by the host for ever.
  public var hostID: String
  /// The kernel's, one per boot, 36 characters; empty when it cannot be read.
  public var bootID: String
  /// One per start of the collector, growing.
  public var epoch: UInt64

  /// An identity of known parts.
  public init(hostID: String, bootID: String, epoch: UInt64) {
    self.hostID = hostID
    self.bootID = bootID
    self.epoch = epoch
  }
}

/// What the state folder remembers between runs.
struct IdentityRecord: Hashable, Sendable {
  var hostID: String
  /// SHA-256 of the machine id that the host id was made on, salted; empty: there was none.
  var machine: String
  /// Of the last start.
  var epoch: UInt64
  /// The id this host had before it was given this one as a clone; empty: none.
  var rekeyedFrom = ""

  /// What becomes of the record at a start. Pure.
  ///
  /// A machine id that differs means that this disk was cloned: the clone becomes a host of its own. One
  /// that cannot be read now says nothing, and changes nothing.
  ///
  /// The epoch is the time in seconds where that grows, so that a machine set back to an old snapshot
  /// does not use an epoch for the second time; otherwise one more than the last.
  static func next(
    after last: IdentityRecord?, machine: String, wallSeconds: Int64, freshHostID: () -> String
  ) -> (record: IdentityRecord, wasCloned: Bool) {
    let time = UInt64(max(1, wallSeconds))
    guard let last else {
      return (IdentityRecord(hostID: freshHostID(), machine: machine, epoch: time), false)
    }
    if !machine.isEmpty, !last.machine.isEmpty, machine != last.machine {
      return (last.rekeyed(as: freshHostID(), machine: machine, wallSeconds: wallSeconds), true)
    }
    var record = last
    record.machine = machine.isEmpty ? last.machine : machine
    let (following, overflow) = last.epoch.addingReportingOverflow(1)
    record.epoch = overflow ? last.epoch : max(following, time)
    return (record, false)
  }

  /// What becomes of the record when another live machine has the same id.
  func rekeyed(as hostID: String, machine: String, wallSeconds: Int64) -> IdentityRecord {
    IdentityRecord(
      hostID: hostID, machine: machine, epoch: UInt64(max(1, wallSeconds)), rekeyedFrom: self.hostID)
  }
}
