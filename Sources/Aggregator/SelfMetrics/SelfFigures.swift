import GRPC
import TimeSeries
import Wire

/// What the aggregator knows of itself at one moment.
struct SelfFigures: Sendable {
  var process = ProcessUsage()
  var startedMicroseconds: Int64 = 0
  /// Open connections, and what became of those that were tried.
  var connections = ConnectionFigures()
  var fleet = FleetFigures()
  var steering = SteeringFigures()
  var droppedLogLines: Int64 = 0
}

/// The listener's books.
struct ConnectionFigures: Hashable, Sendable {
  var open = 0
  var accepted = 0
  var refusedOverLimit = 0
  var refusedForAddress = 0
  var displaced = 0
  var failed = 0
  /// What connections that are gone had counted.
  var ended = ConnectionCounters()
}

/// The fleet's books, and sums over its hosts.
struct FleetFigures: Hashable, Sendable {
  /// By `HostState.rawValue`.
  var hostsByState = [Int](repeating: 0, count: HostState.allCases.count)
  var series = 0
  var seriesKnown = 0
  var hotSamples = 0
  var hotBytes = 0
  var hotEvictedFrames = 0
  var pushes = 0
  var attachments = 0
  var tails = 0
  var watches = 0
  var runCalls = 0
  var runs = 0
  var frames: UInt64 = 0
  var duplicates: UInt64 = 0
  var missing: UInt64 = 0
  var samples: UInt64 = 0
  var bytes: UInt64 = 0
  var streamsRefused: UInt64 = 0
  var seriesRefused: UInt64 = 0
  var seriesReleased: UInt64 = 0
  var hostsRefused: UInt64 = 0
  var doubleAttachments: UInt64 = 0
  var clonesRekeyed: UInt64 = 0
  var eventsMissing: UInt64 = 0
  var outputsRefused: UInt64 = 0
  var tailFramesSkipped: UInt64 = 0
  var readersCut: UInt64 = 0

  init() {}

  init(_ fleet: Fleet, at now: Moment) {
    for host in fleet.everyHost {
      host.withRecord { record in
        hostsByState[record.presence.state(at: now).rawValue] += 1
        series += record.store.presentCount
        seriesKnown += record.series.seriesCount
        hotSamples += record.store.sampleCount
        hotBytes += record.store.byteCount
        hotEvictedFrames += record.store.counters.framesEvicted
      }
    }
    hostsByState[HostState.expected.rawValue] += fleet.expectations.count
    pushes = fleet.counters.pushes.value
    attachments = fleet.counters.attachments.value
    tails = fleet.counters.tails.value
    watches = fleet.counters.watches.value
    runCalls = fleet.counters.runCalls.value
    runs = fleet.runs.count
    frames = fleet.counters.frames.value
    duplicates = fleet.counters.duplicates.value
    missing = fleet.counters.missing.value
    samples = fleet.counters.samples.value
    bytes = fleet.counters.bytes.value
    streamsRefused = fleet.counters.streamsRefused.value
    seriesRefused = fleet.counters.seriesRefused.value
    seriesReleased = fleet.counters.seriesReleased.value
    hostsRefused = fleet.counters.hostsRefused.value
    doubleAttachments = fleet.counters.doubleAttachments.value
    clonesRekeyed = fleet.counters.clonesRekeyed.value
    eventsMissing = fleet.counters.eventsMissing.value
    outputsRefused = fleet.counters.outputsRefused.value
    tailFramesSkipped = fleet.counters.tailFramesSkipped.value
    readersCut = fleet.counters.readersCut.value
  }
}

/// The books of configuration, and of what is written down for it.
struct SteeringFigures: Hashable, Sendable {
  var activeRollouts = 0
  var configWatches = 0
  var rolloutWatches = 0
  var offers: UInt64 = 0
  var offersLost: UInt64 = 0
  var confirms: UInt64 = 0
  var eventsDropped: UInt64 = 0
  var commits: UInt64 = 0
  var commitMicroseconds: UInt64 = 0
  var commitFailures: UInt64 = 0
  var uncommitted = 0

  init() {}

  init(_ desk: SteeringDesk) {
    activeRollouts = desk.counters.activeRollouts.value
    configWatches = desk.counters.watches.value
    rolloutWatches = desk.counters.rolloutWatches.value
    offers = desk.counters.offers.value
    offersLost = desk.counters.offersLost.value
    confirms = desk.counters.confirms.value
    eventsDropped = desk.inbox.dropped.value
    commits = desk.counters.commits.value
    commitMicroseconds = desk.counters.commitMicroseconds.value
    commitFailures = desk.counters.commitFailures.value
    uncommitted = desk.counters.uncommitted.value
  }
}
