public import Steering
public import Wire

/// One thing to be remembered: an upsert or a removal of one record.
public enum RecordsChange: Hashable, Sendable {
  /// Of configuration.
  case steering(SteeringChange)
  /// A host, as it stands.
  case host(StoredHost)
  /// The host is gone for good.
  case hostForgotten(String)
  /// A host that should come.
  case expected(StoredExpectation)
  /// It came, or is expected no longer.
  case expectationOver(instance: String)
  /// A run of a command, whenever it changes. One that is `running` when the file is loaded is closed.
  case run(StoredRun)
  /// An entry of the audit log, whenever it changes. One that is `running` when the file is loaded is closed.
  case audit(AuditEntry)
}

/// Everything that was remembered.
public struct RecordsSnapshot: Hashable, Sendable {
  /// Configuration.
  public var steering = SteeringSnapshot()
  /// Every host, by host id.
  public var hosts: [StoredHost] = []
  /// Hosts that should come, by instance.
  public var expectations: [StoredExpectation] = []
  /// The newest runs, newest first; at most `RecordsLimits.loadedRuns`.
  public var runs: [StoredRun] = []
  /// The id that the next run gets.
  public var nextRun: UInt64 = 1
  /// The id that the next entry of the audit log gets.
  public var nextAudit: UInt64 = 1

  /// Nothing.
  public init() {}
}
