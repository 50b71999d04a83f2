import TimeSeries
import Wire

/// What the aggregator knows of itself at one moment.
struct SelfFigures: Sendable {
  var process = ProcessUsage()
  var startedMicroseconds: Int64 = 0
  /// Open connections, and what became of those that were tried.
  var connections = ConnectionFigures()
  var fleet = FleetFigures()
  var droppedLogLines: Int64 = 0
}

/// The listener's books.
struct ConnectionFigures: Hashable, Sendable {
  var open = 0
  var accepted = 0
  var refused = 0
  var failed = 0
}

/// The fleet's books, and sums over its hosts.
struct FleetFigures: Hashable, Sendable {
  /// By `HostState.rawValue`.
  var hostsByState = [Int](repeating: 0, count: HostState.allCases.count)
  var series = 0
  var hotSamples = 0
  var hotBytes = 0
  var hotEvictedFrames = 0
  var pushes = 0
  var attachments = 0
  var tails = 0
  var watches = 0
  var frames: UInt64 = 0
  var duplicates: UInt64 = 0
  var missing: UInt64 = 0
  var samples: UInt64 = 0
  var bytes: UInt64 = 0
  var streamsRefused: UInt64 = 0
  var seriesRefused: UInt64 = 0
  var hostsRefused: UInt64 = 0
  var doubleAttachments: UInt64 = 0
  var tailFramesSkipped: UInt64 = 0

  init() {}

  init(_ fleet: Fleet, at now: Moment) {
    for host in fleet.hosts {
      host.withRecord { record in
        hostsByState[record.presence.state(at: now).rawValue] += 1
        series += record.store.presentCount
        hotSamples += record.store.sampleCount
        hotBytes += record.store.byteCount
        hotEvictedFrames += record.store.counters.framesEvicted
      }
    }
    pushes = fleet.counters.pushes.value
    attachments = fleet.counters.attachments.value
    tails = fleet.counters.tails.value
    watches = fleet.counters.watches.value
    frames = fleet.counters.frames.value
    duplicates = fleet.counters.duplicates.value
    missing = fleet.counters.missing.value
    samples = fleet.counters.samples.value
    bytes = fleet.counters.bytes.value
    streamsRefused = fleet.counters.streamsRefused.value
    seriesRefused = fleet.counters.seriesRefused.value
    hostsRefused = fleet.counters.hostsRefused.value
    doubleAttachments = fleet.counters.doubleAttachments.value
    tailFramesSkipped = fleet.counters.tailFramesSkipped.value
  }
}
