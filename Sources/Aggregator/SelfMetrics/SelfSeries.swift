import GRPC
import Wire

/// The series the aggregator publishes of itself: one table, each with how to read it. `nil`: not there now.
///
/// `process_*` are named as every Prometheus client names them.
struct SelfSeries: Sendable {
  let descriptor: SeriesDescriptor
  let read: @Sendable (SelfFigures) -> Int64?

  static let all: [SelfSeries] = process + connections + ingest + fleet + readers + steering

  private static let process = [
    counter("process_cpu_seconds_total", unit: "seconds", divisor: 1_000_000) {
      $0.process.processorMicroseconds
    },
    gauge("process_resident_memory_bytes", unit: "bytes") { $0.process.residentBytes },
    gauge("process_open_fds") { $0.process.openDescriptors },
    gauge("process_max_fds") { $0.process.maximumDescriptors },
    gauge("process_start_time_seconds", unit: "seconds", divisor: 1_000_000) { $0.startedMicroseconds },
    gauge("muster_aggregator_build_info", labels: [Label("version", MusterVersion.current)]) { _ in 1 },
    counter("muster_aggregator_log_lines_dropped_total") { $0.droppedLogLines },
  ]

  private static let connections = [
    gauge("muster_aggregator_connections") { Int64($0.connections.open) },
    counter("muster_aggregator_connections_accepted_total") { Int64($0.connections.accepted) },
    refused("connections") { $0.refusedOverLimit },
    refused("connections_per_address") { $0.refusedForAddress },
    // Begun, and closed for others before they spoke HTTP/2.
    refused("displaced") { $0.displaced },
    counter("muster_aggregator_connections_failed_total") { Int64($0.connections.failed) },
    // What peers did that ended their connection or a call of it; told when the connection has ended.
    fault("protocol", \.protocolViolations), fault("pings", \.pingFloods),
    fault("stream_errors", \.resetsProvoked), fault("headers_too_large", \.headersTooLarge),
    fault("message_too_large", \.messagesTooLarge), fault("not_grpc", \.callsRefused),
    fault("slow_reader", \.buffersOverrun), fault("no_answer", \.keepalivesTimedOut),
    fault("slow_writer", \.unfinishedOverrun),
    fault("unfinished_frame", \.frameTimeouts), fault("idle", \.idleTimeouts),
    gauge("muster_aggregator_calls", labels: [Label("method", "Push")]) { Int64($0.fleet.pushes) },
    gauge("muster_aggregator_calls", labels: [Label("method", "Attach")]) { Int64($0.fleet.attachments) },
    gauge("muster_aggregator_calls", labels: [Label("method", "Tail")]) { Int64($0.fleet.tails) },
    gauge("muster_aggregator_calls", labels: [Label("method", "WatchHosts")]) { Int64($0.fleet.watches) },
    gauge("muster_aggregator_calls", labels: [Label("method", "RunCommand")]) { Int64($0.fleet.runCalls) },
    gauge("muster_aggregator_calls", labels: [Label("method", "Watch")]) { Int64($0.steering.configWatches) },
    gauge("muster_aggregator_calls", labels: [Label("method", "WatchRollout")]) {
      Int64($0.steering.rolloutWatches)
    },
  ]

  private static let ingest = [
    counter("muster_aggregator_frames_total") { .init(clamping: $0.fleet.frames) },
    counter("muster_aggregator_duplicate_frames_total") { .init(clamping: $0.fleet.duplicates) },
    counter("muster_aggregator_missing_frames_total") { .init(clamping: $0.fleet.missing) },
    counter("muster_aggregator_changed_samples_total") { .init(clamping: $0.fleet.samples) },
    counter("muster_aggregator_frame_bytes_total", unit: "bytes") { .init(clamping: $0.fleet.bytes) },
    counter("muster_aggregator_refused_streams_total") { .init(clamping: $0.fleet.streamsRefused) },
    counter("muster_aggregator_refused_series_total") { .init(clamping: $0.fleet.seriesRefused) },
    counter("muster_aggregator_refused_hosts_total") { .init(clamping: $0.fleet.hostsRefused) },
    counter("muster_aggregator_double_attachments_total") { .init(clamping: $0.fleet.doubleAttachments) },
    counter("muster_aggregator_clones_rekeyed_total") { .init(clamping: $0.fleet.clonesRekeyed) },
    counter("muster_aggregator_missing_events_total") { .init(clamping: $0.fleet.eventsMissing) },
    // Of commands that nobody waits for, or more than was asked for.
    counter("muster_aggregator_refused_outputs_total") { .init(clamping: $0.fleet.outputsRefused) },
  ]

  private static let fleet =
    HostState.allCases.filter { $0 != .unknown }.map { state in
      gauge("muster_aggregator_hosts", labels: [Label("state", "\(state)")]) {
        Int64($0.fleet.hostsByState[state.rawValue])
      }
    } + [
      gauge("muster_aggregator_series") { Int64($0.fleet.series) },
      // Those that are gone, too; and how many were let go of.
      gauge("muster_aggregator_series_known") { Int64($0.fleet.seriesKnown) },
      counter("muster_aggregator_series_released_total") { .init(clamping: $0.fleet.seriesReleased) },
      gauge("muster_aggregator_hot_samples") { Int64($0.fleet.hotSamples) },
      gauge("muster_aggregator_hot_bytes", unit: "bytes") { Int64($0.fleet.hotBytes) },
      // Of the hosts there are now, hence not a counter.
      gauge("muster_aggregator_hot_evicted_frames") { Int64($0.fleet.hotEvictedFrames) },
    ]

  private static let readers = [
    counter("muster_aggregator_tail_skipped_frames_total") { .init(clamping: $0.fleet.tailFramesSkipped) },
    gauge("muster_aggregator_runs_open") { Int64($0.fleet.runs) },
    // Times that whoever reads a run of a command was too slow for its output.
    counter("muster_aggregator_run_readers_cut_total") { .init(clamping: $0.fleet.readersCut) },
  ]

  private static let steering = [
    gauge("muster_aggregator_rollouts_active") { Int64($0.steering.activeRollouts) },
    counter("muster_aggregator_config_offers_total") { .init(clamping: $0.steering.offers) },
    // The Watch that the offer was for was over before the offer could be sent.
    counter("muster_aggregator_config_offers_lost_total") { .init(clamping: $0.steering.offersLost) },
    counter("muster_aggregator_config_confirms_total") { .init(clamping: $0.steering.confirms) },
    counter("muster_aggregator_config_events_dropped_total") { .init(clamping: $0.steering.eventsDropped) },
    counter("muster_aggregator_commits_total") { .init(clamping: $0.steering.commits) },
    counter("muster_aggregator_commit_seconds_total", unit: "seconds", divisor: 1_000_000) {
      .init(clamping: $0.steering.commitMicroseconds)
    },
    counter("muster_aggregator_commit_failures_total") { .init(clamping: $0.steering.commitFailures) },
    gauge("muster_aggregator_uncommitted_changes") { Int64($0.steering.uncommitted) },
  ]

  private static func refused(
    _ limit: String, _ read: @escaping @Sendable (ConnectionFigures) -> Int
  ) -> SelfSeries {
    counter("muster_aggregator_connections_refused_total", labels: [Label("limit", limit)]) {
      Int64(read($0.connections))
    }
  }

  private static func fault(
    _ kind: String, _ counter: any KeyPath<ConnectionCounters, UInt64> & Sendable
  ) -> SelfSeries {
    Self.counter("muster_aggregator_peer_faults_total", labels: [Label("kind", kind)]) {
      .init(clamping: $0.connections.ended[keyPath: counter])
    }
  }

  private static func counter(
    _ name: String, labels: [Label] = [], unit: String = "", divisor: UInt32 = 1,
    _ read: @escaping @Sendable (SelfFigures) -> Int64?
  ) -> SelfSeries {
    SelfSeries(
      descriptor: SeriesDescriptor(name, labels: labels, kind: .counter, unit: unit, divisor: divisor),
      read: read)
  }

  private static func gauge(
    _ name: String, labels: [Label] = [], unit: String = "", divisor: UInt32 = 1,
    _ read: @escaping @Sendable (SelfFigures) -> Int64?
  ) -> SelfSeries {
    SelfSeries(
      descriptor: SeriesDescriptor(name, labels: labels, kind: .gauge, unit: unit, divisor: divisor),
      read: read)
  }
}
