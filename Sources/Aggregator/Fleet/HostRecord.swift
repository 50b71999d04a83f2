import GRPC
import TimeSeries
import Wire

/// All that is known of one host. Guarded by the lock of its `Host`.
struct HostRecord: ~Copyable {
  /// Who it says it is, from the newest epoch it spoke in.
  var identity: HostIdentity
  /// What its collector says it runs on.
  var system = HostSystem()
  /// The address it is, or was last, connected from.
  var address: String
  var presence = Presence()
  /// When it entered the registry.
  let created: Moment

  /// Which frames have arrived, and what they came to.
  var ledger = SequenceLedger()
  var frames = FrameCounts()
  /// The frame whose values the hot tier ends with; a stream that does not continue it must write in full.
  var lastStored: FrameName?

  var series: SeriesTable
  var store: HotStore
  var vitals = VitalsTracker()
  /// The boot whose counters `vitals` compares.
  var vitalsBootID = ""

  /// The control stream that speaks for the host: the latest Hello's.
  var controller: UInt64?
  /// The aggregator's clock minus the host's, as the host measured it; in microseconds.
  var clockOffset: Int64 = 0
  /// How long the last frame took, corrected by the clock offset; in microseconds.
  var lag: Int64 = 0
  /// The collector's own books, from its last heartbeat.
  var buffered: UInt64 = 0
  var dropped: UInt64 = 0

  init(identity: HostIdentity, address: String, limits: FleetLimits, at now: Moment) {
    created = now
    self.identity = identity
    self.address = address
    series = SeriesTable(limit: limits.seriesPerHost)
    store = HotStore(limits: limits.hot)
  }
}

/// A frame is (host_id, epoch, sequence), for ever; the host is known here.
struct FrameName: Hashable, Sendable {
  var epoch: UInt64
  var sequence: UInt64
}

/// What a host runs on, by its Hello.
struct HostSystem: Hashable, Sendable {
  var operatingSystem = ""
  var kernelRelease = ""
  var architecture = ""
  var collectorVersion = ""
}

/// What the frames of a host came to.
struct FrameCounts: Hashable, Sendable {
  /// Received, each once.
  var fresh: UInt64 = 0
  /// Received again.
  var duplicates: UInt64 = 0
  /// Never came.
  var missing: UInt64 = 0
  /// Series left out because the host has too many.
  var seriesRefused: UInt64 = 0
}
