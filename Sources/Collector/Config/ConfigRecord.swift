/// A config with its name and its place in the history.
public struct StoredConfig: Hashable, Sendable {
  /// SHA-256 of `packed`.
  public var sha256: [UInt8]
  /// The newest document in it.
  public var version: UInt64
  /// As it came.
  public var packed: [UInt8]

  /// A config of these parts.
  public init(sha256: [UInt8], version: UInt64, packed: [UInt8]) {
    self.sha256 = sha256
    self.version = version
    self.packed = packed
  }
}

/// What a collector remembers of configuration between runs: the file `config` of its state folder.
public struct ConfigRecord: Hashable, Sendable {
  /// Bytes of a packed config that is kept. As digits it must fit into a settings file.
  public static let maximumConfigBytes = 256 * 1024
  /// Configs that failed, remembered.
  public static let maximumFailed = 32
  /// Configs of whose undecided trials is kept count.
  public static let maximumUndecided = 8
  /// Configs that were confirmed once, remembered.
  public static let maximumProven = 8

  /// The last good one; nil: none but the local file.
  public var good: StoredConfig?
  /// The one that is being tried. If it is there at a start, the collector ended while it was.
  public var trial: ConfigName?
  /// Hashes of those that failed here, oldest first.
  public var failed: [[UInt8]] = []
  /// Trials since the last confirmation of which nobody knows why they failed, oldest first.
  public var undecided: [Undecided] = []
  /// Hashes of those that were confirmed here, oldest first.
  public var proven: [[UInt8]] = []

  /// Which config.
  public struct ConfigName: Hashable, Sendable {
    /// Its hash.
    public var sha256: [UInt8]
    /// The newest document in it.
    public var version: UInt64

    /// A config of this name.
    public init(sha256: [UInt8], version: UInt64) {
      self.sha256 = sha256
      self.version = version
    }
  }

  /// Trials of one config that the collector ended in, or that nobody confirmed.
  public struct Undecided: Hashable, Sendable {
    /// Its hash.
    public var sha256: [UInt8]
    /// How many.
    public var count: Int

    /// So many trials of this config.
    public init(sha256: [UInt8], count: Int) {
      self.sha256 = sha256
      self.count = count
    }
  }

  /// Nothing to remember.
  public init() {}

  /// Remembers that a config failed, and forgets the oldest one that did.
  mutating func addFailed(_ sha256: [UInt8]) {
    failed.removeAll { $0 == sha256 }
    failed.append(sha256)
    if failed.count > Self.maximumFailed { failed.removeFirst() }
    undecided.removeAll { $0.sha256 == sha256 }
  }

  /// Counts a trial that was not decided, and says how many there were by now.
  mutating func addUndecided(_ sha256: [UInt8]) -> Int {
    let count = (undecided.first { $0.sha256 == sha256 }?.count ?? 0) + 1
    undecided.removeAll { $0.sha256 == sha256 }
    undecided.append(Undecided(sha256: sha256, count: count))
    if undecided.count > Self.maximumUndecided { undecided.removeFirst() }
    return count
  }

  /// A config was confirmed: it is the good one now. Trials before it count no more.
  mutating func prove(_ config: StoredConfig) {
    good = config
    undecided = []
    proven.removeAll { $0 == config.sha256 }
    proven.append(config.sha256)
    if proven.count > Self.maximumProven { proven.removeFirst() }
  }
}
