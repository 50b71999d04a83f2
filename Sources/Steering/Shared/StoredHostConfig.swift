public import Wire

/// What a host was offered last, what became of it, and what must not be offered to it again.
public struct StoredHostConfig: Hashable, Sendable {
  /// The host's id.
  public var hostID: String
  /// Of the config it was offered last; empty: none.
  public var sha256: [UInt8]
  /// The newest document in that config.
  public var version: UInt64
  /// The rollout that offer belonged to; 0: none.
  public var rollout: UInt64
  /// What became of the offer.
  public var state: ConfigState
  /// Why it failed; empty: it did not.
  public var reason: String
  /// Of the config that frames were stamped with last; empty: none but the local file.
  public var stampedSHA256: [UInt8]
  /// What failed here, oldest first; at most `SteeringLimits.hostFailures`.
  public var failures: [StoredConfigFailure]
  /// When any of this changed, by the wall clock: microseconds since 1970.
  public var changedMicroseconds: Int64

  /// A host that was never offered anything, unless said.
  public init(
    hostID: String, sha256: [UInt8] = [], version: UInt64 = 0, rollout: UInt64 = 0,
    state: ConfigState = .unknown, reason: String = "", stampedSHA256: [UInt8] = [],
    failures: [StoredConfigFailure] = [], changedMicroseconds: Int64 = 0
  ) {
    self.hostID = hostID
    self.sha256 = sha256
    self.version = version
    self.rollout = rollout
    self.state = state
    self.reason = reason
    self.stampedSHA256 = stampedSHA256
    self.failures = failures
    self.changedMicroseconds = changedMicroseconds
  }
}

/// A config that failed on a host.
public struct StoredConfigFailure: Hashable, Sendable {
  /// Of the config.
  public var sha256: [UInt8]
  /// FAILED, REFUSED or ROLLED_BACK.
  public var state: ConfigState
  /// Why, as the host said.
  public var reason: String
  /// The rollout it was offered in; 0: none.
  public var rollout: UInt64

  /// It is never to be offered there again. Of what was rolled back nobody knows whether it was to blame, and the
  /// config that says nothing cannot be: every host must be able to come back to it.
  public var isFinal: Bool { state != .rolledBack && sha256 != MergedConfig.nothing.sha256 }

  /// A failure of these parts.
  public init(
    sha256: [UInt8], state: ConfigState, reason: String = "", rollout: UInt64 = 0
  ) {
    self.sha256 = sha256
    self.state = state
    self.reason = reason
    self.rollout = rollout
  }
}
