public import Wire

/// A host as the fleet's registry remembers it.
public struct StoredHost: Hashable, Sendable {
  /// The host's id.
  public var hostID: String
  /// What it calls itself.
  public var instance: String
  /// Its own labels.
  public var labels: [Label]
  /// Of its id and machine-id; empty: not known.
  public var machineSHA256: [UInt8]
  /// Of the collector's last start.
  public var epoch: UInt64
  /// Of the kernel's last start.
  public var bootID: String
  /// uname's sysname.
  public var operatingSystem: String
  /// uname's release.
  public var kernelRelease: String
  /// uname's machine.
  public var architecture: String
  /// The collector's version.
  public var collectorVersion: String
  /// Where it was connected from last.
  public var address: String
  /// By the aggregator's wall clock: microseconds since 1970.
  public var firstSeenMicroseconds: Int64
  /// By the aggregator's wall clock: microseconds since 1970.
  public var lastSeenMicroseconds: Int64
  /// An operator took it out of the fleet.
  public var isRetired: Bool
  /// What it said when it left on purpose; nil: it did not.
  public var goodbyeReason: String?
  /// The id it had in common with another machine; empty: none.
  public var clonedFrom: String
  /// How often it samples; 0: not known.
  public var intervalMilliseconds: UInt32

  /// A host of these parts.
  public init(
    hostID: String, instance: String, labels: [Label] = [], machineSHA256: [UInt8] = [], epoch: UInt64 = 0,
    bootID: String = "", operatingSystem: String = "", kernelRelease: String = "", architecture: String = "",
    collectorVersion: String = "", address: String = "", firstSeenMicroseconds: Int64 = 0,
    lastSeenMicroseconds: Int64 = 0, isRetired: Bool = false, goodbyeReason: String? = nil,
    clonedFrom: String = "", intervalMilliseconds: UInt32 = 0
  ) {
    self.hostID = hostID
    self.instance = instance
    self.labels = labels
    self.machineSHA256 = machineSHA256
    self.epoch = epoch
    self.bootID = bootID
    self.operatingSystem = operatingSystem
    self.kernelRelease = kernelRelease
    self.architecture = architecture
    self.collectorVersion = collectorVersion
    self.address = address
    self.firstSeenMicroseconds = firstSeenMicroseconds
    self.lastSeenMicroseconds = lastSeenMicroseconds
    self.isRetired = isRetired
    self.goodbyeReason = goodbyeReason
    self.clonedFrom = clonedFrom
    self.intervalMilliseconds = intervalMilliseconds
  }
}

/// A host that an operator said should come.
public struct StoredExpectation: Hashable, Sendable {
  /// As its `instance` will be.
  public var instance: String
  /// Who expects it.
  public var author: String
  /// Since when, by the wall clock: microseconds since 1970.
  public var sinceMicroseconds: Int64

  /// An expectation of these parts.
  public init(instance: String, author: String = "", sinceMicroseconds: Int64 = 0) {
    self.instance = instance
    self.author = author
    self.sinceMicroseconds = sinceMicroseconds
  }
}
