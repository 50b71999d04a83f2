import Glibc
import ProcFS
import Sampling
import StructuredLog
import Wire

/// How often the table of series was made anew, and without how many.
struct CompactionCounts: Hashable, Sendable {
  var done: Int64 = 0
  var series: Int64 = 0
  /// Times that it was worth it, and too much was buffered to be described otherwise.
  var postponed: Int64 = 0
}

/// What the collector says about itself, in the same frames as everything else.
struct SelfMetrics: ~Copyable {
  /// What there is to say. Whoever samples fills in what it knows; nil is left out.
  struct Facts {
    var uplink = UplinkCounters()
    var collected: UInt64 = 0
    var acknowledged: UInt64 = 0
    var dropped: UInt64 = 0
    var buffered = 0
    var bufferBytes = 0
    var bytesSent: UInt64 = 0
    var bytesReceived: UInt64 = 0
    var undecodableCommands: UInt64 = 0
    var lateSlots: Int64 = 0
    var clockSteps: Int64 = 0
    var suspends: Int64 = 0
    var sampleMicroseconds: Int64 = 0
    var budgetLevel = 0
    var configVersion: UInt64 = 0
    var recorderBytes = 0
    var commandsRepeated: UInt64 = 0
    var commandsTurnedAway: UInt64 = 0
    var compactions = CompactionCounts()
    fileprivate(set) var cpuMicroseconds: Int64 = 0
    fileprivate(set) var residentPages: Int64?
    fileprivate(set) var series: Int64 = 0
    fileprivate(set) var seriesKnown: Int64 = 0
    fileprivate(set) var seriesRefused: Int64 = 0
  }

  private let statm = KernelFile("proc/self/statm", of: ProcRoot(), shape: .record)
  private var buffer = ReadBuffer()
  private let first: Int?

  /// Registers the series before all others: a host with too many still has these.
  init(registeringIn table: inout SampleTable) {
    var ids: [Int] = []
    for own in Self.all {
      if let id = table.register(own.series) { ids.append(id) }
    }
    first = ids.count == Self.all.count ? ids.first : nil
  }

  /// Sets the values of this pass; all other sources have set theirs.
  mutating func sample(_ facts: Facts, into table: inout SampleTable) {
    guard let first else { return }
    var facts = facts
    facts.cpuMicroseconds = Clocks.processCPUNanoseconds() / 1000
    facts.residentPages = residentPages()
    facts.seriesRefused = Int64(table.refused)
    facts.seriesKnown = Int64(table.count)
    facts.series = Int64(table.present.count { $0 } + Self.all.count)
    for (position, value) in Self.values.enumerated() {
      if let value = value(facts) { table.set(first + position, value) }
    }
  }

  /// Bytes of memory that are resident, as the kernel counts them now.
  mutating func residentBytes() -> Int? {
    residentPages().map { Int($0) * Int(getpagesize()) }
  }

  /// The second field of statm, proc(5).
  private mutating func residentPages() -> Int64? {
    guard let text = try? statm.read(into: &buffer),
      let blank = text.firstIndex(of: UInt8(ascii: " "))
    else { return nil }
    var pages: Int64 = 0
    for byte in text[(blank + 1)...] {
      guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { break }
      pages = pages &* 10 &+ Int64(byte - UInt8(ascii: "0"))
    }
    return pages
  }
}

extension SelfMetrics {
  /// What is counted, without what only a pass knows.
  static func counters(_ facts: Facts) -> [CommandFact] {
    all.filter { $0.metric.kind == .counter }.compactMap { own in
      own.value(facts).map { CommandFact(own.metric.name, own.series.value(ofRaw: $0)) }
    }
  }

  /// How each of all is read. Beside them, because to go through them costs a copy of each, names and all.
  private static let values: [@Sendable (Facts) -> Int64?] = all.map { $0.value }

  /// What there is of the collector itself.
  static var metrics: [Metric] { all.map(\.metric) }

  private struct Own: Sendable {
    let metric: Metric
    let series: SeriesDescriptor
    let value: @Sendable (Facts) -> Int64?

    init(_ metric: Metric, _ labels: [String] = [], _ value: @escaping @Sendable (Facts) -> Int64?) {
      self.metric = metric
      series = metric.series(named: metric.name, labels)
      self.value = value
    }
  }

  private static let all: [Own] = [
    Own(
      .gauge("muster_collector_build_info", "The version that runs; always 1.", labels: ["version"]),
      [MusterVersion.current]
    ) { _ in 1 },
    Own(
      .gauge(
        "muster_collector_resident_bytes", "Memory of the collector's process that is resident.",
        multiplier: UInt32(getpagesize()))
    ) { $0.residentPages },
    seconds("cpu_seconds_total", "CPU time the process has used.") { $0.cpuMicroseconds },
    seconds("sample_duration_seconds_total", "Time samples took, from the first source to the last.") {
      $0.sampleMicroseconds
    },
    counter("sent_bytes_total", "Bytes sent to the aggregator, HTTP/2 included, TLS not.") {
      Int64(clamping: $0.bytesSent)
    },
    counter("received_bytes_total", "Bytes received from it.") { Int64(clamping: $0.bytesReceived) },
    counter("frames_collected_total", "Frames made.") { Int64(clamping: $0.collected) },
    counter("frames_acknowledged_total", "Frames the aggregator has acknowledged.") {
      Int64(clamping: $0.acknowledged)
    },
    counter("frames_dropped_total", "Frames dropped before that, because the buffer was full.") {
      Int64(clamping: $0.dropped)
    },
    counter("frames_sent_total", "Frames sent, also those sent again after a cut.") {
      Int64(clamping: $0.uplink.framesSent)
    },
    gauge("frames_buffered", "Frames that wait for their acknowledgement.") { Int64($0.buffered) },
    gauge("buffer_bytes", "Memory they take.") { Int64($0.bufferBytes) },
    counter("reconnects_total", "Connections made after the first.") {
      Int64(clamping: $0.uplink.reconnects)
    },
    counter("heartbeat_timeouts_total", "Connections given up because no heartbeat was answered.") {
      Int64(clamping: $0.uplink.heartbeatTimeouts)
    },
    counter("ignored_commands_total", "Messages from the aggregator that made no sense here.") {
      Int64(
        clamping: $0.uplink.ignoredCommands &+ $0.uplink.ignoredAcknowledgements &+ $0.undecodableCommands)
    },
    counter("events_dropped_total", "Events of the control stream dropped, because too many waited.") {
      Int64(clamping: $0.uplink.droppedEvents)
    },
    counter("full_reports_total", "Times everything was reported anew, because the aggregator missed events.")
    {
      Int64(clamping: $0.uplink.fullReports)
    },
    counter("rekeys_total", "Identities given to this host because it was a clone.") {
      Int64(clamping: $0.uplink.rekeys)
    },
    counter("frames_abandoned_total", "Frames given up with an identity that was another host's.") {
      Int64(clamping: $0.uplink.abandonedFrames)
    },
    counter("commands_repeated_total", "Commands that came again, and were answered as before.") {
      Int64(clamping: $0.commandsRepeated)
    },
    counter("commands_turned_away_total", "Commands refused because too many ran.") {
      Int64(clamping: $0.commandsTurnedAway)
    },
    gauge("config_version", "The version of the config in force; 0: the local file alone.") {
      Int64(clamping: $0.configVersion)
    },
    gauge("budget_level", "How much is shed to keep the budget; 0: nothing.") { Int64($0.budgetLevel) },
    gauge("recorder_bytes", "Memory of the recorder.") { Int64($0.recorderBytes) },
    counter("late_ticks_total", "Samples left out because the machine was too busy to take them in time.") {
      $0.lateSlots
    },
    counter("clock_steps_total", "Times the wall clock was set.") { $0.clockSteps },
    counter("suspends_total", "Times the machine was suspended.") { $0.suspends },
    counter("log_lines_dropped_total", "Log lines dropped, because nobody read them.") { _ in
      Int64(StructuredLog.droppedLines)
    },
    gauge("series", "Series in the last sample.") { $0.series },
    gauge("series_known", "Series that frames have described, those that are gone since included.") {
      $0.seriesKnown
    },
    counter(
      "compactions_total", "Times that series which are gone were forgotten, to make room for new ones."
    ) {
      $0.compactions.done
    },
    counter("series_forgotten_total", "Series forgotten so.") { $0.compactions.series },
    counter(
      "compactions_postponed_total",
      "Times that this had to wait, because frames are buffered that describe too many series."
    ) { $0.compactions.postponed },
    counter("series_refused_total", "Series refused: beyond the limit, not valid, or another source's.") {
      $0.seriesRefused
    },
  ]

  private static func counter(
    _ name: String, _ help: String, _ value: @escaping @Sendable (Facts) -> Int64?
  ) -> Own {
    Own(.counter("muster_collector_\(name)", help), [], value)
  }

  private static func gauge(
    _ name: String, _ help: String, _ value: @escaping @Sendable (Facts) -> Int64?
  ) -> Own {
    Own(.gauge("muster_collector_\(name)", help), [], value)
  }

  /// Counted in microseconds.
  private static func seconds(
    _ name: String, _ help: String, _ value: @escaping @Sendable (Facts) -> Int64?
  ) -> Own {
    Own(.counter("muster_collector_\(name)", help, divisor: 1_000_000), [], value)
  }
}
