public import Wire

/// A host as far as steering needs to know it: who it is, and what selects it.
public struct SteeredHost: Hashable, Sendable {
  /// The host's id.
  public var hostID: String
  /// What the host calls itself.
  public var instance: String
  /// The host's own labels. Layers select by these, never by labels that config gave.
  public var labels: [Label]
  /// Retired hosts take no part in rollouts.
  public var isRetired: Bool
  /// How often the host samples by its own settings; 0: not known. Time limits are made from it.
  public var intervalMilliseconds: UInt32

  /// A host of these parts.
  public init(
    hostID: String, instance: String, labels: [Label] = [], isRetired: Bool = false,
    intervalMilliseconds: UInt32 = 0
  ) {
    self.hostID = hostID
    self.instance = instance
    self.labels = labels
    self.isRetired = isRetired
    self.intervalMilliseconds = intervalMilliseconds
  }
}

/// What a collector costs and lacks now, by its own metrics. Gates compare it with what it was before.
public struct HostHealth: Hashable, Sendable {
  /// CPUs that the collector uses: 0.01 is a hundredth of one. Nil: not known.
  public var cpuRatio: Double?
  /// The collector's resident memory in bytes. Nil: not known.
  public var residentBytes: Double?
  /// How many of its sources fail. Nil: not known.
  public var failingSources: Int?

  /// A reading; nothing is known unless said.
  public init(cpuRatio: Double? = nil, residentBytes: Double? = nil, failingSources: Int? = nil) {
    self.cpuRatio = cpuRatio
    self.residentBytes = residentBytes
    self.failingSources = failingSources
  }
}

/// How a host stands with the config that is meant for it.
public struct HostStanding: Hashable, Sendable {
  /// Of the config that its frames are stamped with; empty: none but the local file.
  public var sha256: [UInt8]
  /// The newest document in the config that is meant for it; 0: none.
  public var version: UInt64
  /// How far it is with that config; UNKNOWN: nothing is meant for it, or it was never offered.
  public var state: ConfigState
  /// The labels that the config it runs gives it.
  public var configLabels: [Label]

  /// A standing of these parts.
  public init(sha256: [UInt8], version: UInt64, state: ConfigState, configLabels: [Label]) {
    self.sha256 = sha256
    self.version = version
    self.state = state
    self.configLabels = configLabels
  }
}
