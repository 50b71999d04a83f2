import GRPC
import Steering
import TimeSeries
import Wire

/// All that is known of one host. Guarded by the lock of its `Host`.
///
/// What every frame changes stands together at the beginning: between two frames of a host thousands of others have been
/// there, and nothing of it is in the processor's caches.
struct HostRecord: ~Copyable {
  var presence = Presence()
  /// How long the last frame took, corrected by the clock offset; in microseconds.
  var lag: Int64 = 0
  /// The aggregator's clock minus the host's, as the host measured it; in microseconds.
  var clockOffset: Int64 = 0
  /// Which frames have arrived, and what they came to.
  var ledger = SequenceLedger()
  var frames = FrameCounts()
  /// The frame whose values the hot tier ends with; a stream that does not continue it must write in full.
  var lastStored: FrameName?
  /// The boot whose counters `vitals` compares.
  var vitalsBootID = ""
  var vitals = VitalsTracker()
  var store: HotStore

  /// Who it says it is, from the newest epoch it spoke in.
  var identity: HostIdentity
  /// What its collector says it runs on.
  var system = HostSystem()
  /// The address it is, or was last, connected from.
  var address: String
  /// When it entered the registry.
  let created: Moment
  /// When it was first heard of, in any life of the program: microseconds since 1970.
  var firstSeenMicroseconds: Int64
  /// The aggregator's own row: no collector, takes no commands and no configuration.
  var isOwn = false

  var series: SeriesTable
  /// The processes that used most when its collector looked last; `nil`: it has not said.
  var processes: ProcessList?

  /// The control stream that speaks for the host: the last one welcomed.
  var controller: ControlLine?
  /// Streams that claim to be the host, and wait for `controller` to be probed.
  var contestants: [Contestant] = []
  /// SHA-256 of host_id and machine-id; empty: not known.
  var machineSHA256: [UInt8] = []
  /// The id it had before it was given a new one as a clone; empty: none.
  var clonedFrom = ""
  /// What its collector understands, and what the host's administrator forbids.
  var capabilities: Set<String> = []
  var forbiddenCommands: [String] = []
  /// The config its last stored frame was taken under (empty: the local file); `nil`: no frame yet.
  var configSHA256: [UInt8]?
  /// How it stands with its config, as steering last said.
  var standing: HostStanding?
  /// The collector's own books, from its last heartbeat.
  var buffered: UInt64 = 0
  var dropped: UInt64 = 0
  /// What it leaves out to keep its budget, from there too.
  var shedding = ""

  init(identity: HostIdentity, address: String, limits: FleetLimits, at now: Moment) {
    created = now
    firstSeenMicroseconds = now.wallMicroseconds
    self.identity = identity
    self.address = address
    series = SeriesTable(limit: limits.seriesPerHost)
    store = HotStore(limits: limits.hot)
  }
}

extension HostRecord {
  /// Lets go of series that are gone and of which no frame is held any more. Returns how many.
  mutating func releaseSeries() -> Int {
    let frames = (oldest: store.oldestOrdinal, next: store.nextOrdinal)
    var released: [Int] = []
    // Taken out and put back, since it cannot be changed while the store beside it is asked.
    var series = series
    self.series = SeriesTable(limit: 0)
    series.sweep(frames: frames, isAbsent: { store.latest($0) == nil }) { released.append($0) }
    self.series = series
    for index in released { vitals.release(index) }
    return released.count
  }
}

/// A frame is (host_id, epoch, sequence), for ever; the host is known here.
struct FrameName: Hashable, Sendable {
  var epoch: UInt64
  var sequence: UInt64
}

/// A control stream that claims to be a host whose control stream is open.
struct Contestant: Sendable {
  /// What the open stream was asked.
  let probe: UInt64
  let line: ControlLine
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
