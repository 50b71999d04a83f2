import Glibc
import ProcFS
import Sampling
import StructuredLog
import Wire

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
    fileprivate(set) var cpuMicroseconds: Int64 = 0
    fileprivate(set) var residentPages: Int64?
    fileprivate(set) var series: Int64 = 0
    fileprivate(set) var seriesRefused: Int64 = 0
  }

  private let statm = KernelFile("proc/self/statm", of: ProcRoot(), shape: .record)
  private var buffer = ReadBuffer()
  private let first: Int?

  /// Registers the series before all others: a host with too many still has these.
  init(registeringIn table: inout SampleTable) {
    var ids: [Int] = []
    for metric in Self.metrics {
      if let id = table.register(metric.series) { ids.append(id) }
    }
    first = ids.count == Self.metrics.count ? ids.first : nil
  }

  /// Sets the values of this pass; all other sources have set theirs.
  mutating func sample(_ facts: Facts, into table: inout SampleTable) {
    guard let first else { return }
    var facts = facts
    facts.cpuMicroseconds = Clocks.processCPUNanoseconds() / 1000
    facts.residentPages = residentPages()
    facts.seriesRefused = Int64(table.refused)
    facts.series = Int64(table.present.count { $0 } + Self.metrics.count)
    for (position, metric) in Self.metrics.enumerated() {
      if let value = metric.value(facts) { table.set(first + position, value) }
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
    metrics.filter { $0.series.kind == .counter }.compactMap { metric in
      metric.value(facts).map { CommandFact(metric.series.name, metric.series.value(ofRaw: $0)) }
    }
  }

  private struct Metric: Sendable {
    var series: SeriesDescriptor
    var value: @Sendable (Facts) -> Int64?
  }

  private static let metrics: [Metric] = [
    Metric(
      series: SeriesDescriptor(
        "muster_collector_build_info", labels: [Label("version", MusterVersion.current)], kind: .gauge),
      value: { _ in 1 }),
    Metric(
      series: SeriesDescriptor(
        "muster_collector_resident_bytes", kind: .gauge, unit: "bytes", multiplier: UInt32(getpagesize())),
      value: { $0.residentPages }),
    counter("cpu_seconds_total", "seconds", divisor: 1_000_000) { $0.cpuMicroseconds },
    counter("sample_duration_seconds_total", "seconds", divisor: 1_000_000) { $0.sampleMicroseconds },
    counter("sent_bytes_total", "bytes") { Int64(clamping: $0.bytesSent) },
    counter("received_bytes_total", "bytes") { Int64(clamping: $0.bytesReceived) },
    counter("frames_collected_total") { Int64(clamping: $0.collected) },
    counter("frames_acknowledged_total") { Int64(clamping: $0.acknowledged) },
    counter("frames_dropped_total") { Int64(clamping: $0.dropped) },
    counter("frames_sent_total") { Int64(clamping: $0.uplink.framesSent) },
    gauge("frames_buffered") { Int64($0.buffered) },
    gauge("buffer_bytes", "bytes") { Int64($0.bufferBytes) },
    counter("reconnects_total") { Int64(clamping: $0.uplink.reconnects) },
    counter("heartbeat_timeouts_total") { Int64(clamping: $0.uplink.heartbeatTimeouts) },
    counter("ignored_commands_total") {
      Int64(
        clamping: $0.uplink.ignoredCommands &+ $0.uplink.ignoredAcknowledgements &+ $0.undecodableCommands)
    },
    counter("events_dropped_total") { Int64(clamping: $0.uplink.droppedEvents) },
    counter("full_reports_total") { Int64(clamping: $0.uplink.fullReports) },
    counter("rekeys_total") { Int64(clamping: $0.uplink.rekeys) },
    counter("frames_abandoned_total") { Int64(clamping: $0.uplink.abandonedFrames) },
    counter("commands_repeated_total") { Int64(clamping: $0.commandsRepeated) },
    counter("commands_turned_away_total") { Int64(clamping: $0.commandsTurnedAway) },
    gauge("config_version") { Int64(clamping: $0.configVersion) },
    gauge("budget_level") { Int64($0.budgetLevel) },
    gauge("recorder_bytes", "bytes") { Int64($0.recorderBytes) },
    counter("late_ticks_total") { $0.lateSlots },
    counter("clock_steps_total") { $0.clockSteps },
    counter("suspends_total") { $0.suspends },
    counter("log_lines_dropped_total") { _ in Int64(StructuredLog.droppedLines) },
    gauge("series") { $0.series },
    counter("series_refused_total") { $0.seriesRefused },
  ]

  private static func counter(
    _ name: String, _ unit: String = "", divisor: UInt32 = 1, _ value: @escaping @Sendable (Facts) -> Int64?
  ) -> Metric {
    Metric(
      series: SeriesDescriptor("muster_collector_\(name)", kind: .counter, unit: unit, divisor: divisor),
      value: value)
  }

  private static func gauge(
    _ name: String, _ unit: String = "", _ value: @escaping @Sendable (Facts) -> Int64?
  ) -> Metric {
    Metric(series: SeriesDescriptor("muster_collector_\(name)", kind: .gauge, unit: unit), value: value)
  }
}
