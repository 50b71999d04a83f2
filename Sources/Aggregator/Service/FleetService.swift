import GRPC
import Selection
import TimeSeries
import Wire

/// FleetService: what the CLI and other programs ask. Requests are checked here; the streaming answers are objects of
/// their own (`PerHostCall`, `WatchHostsCall`, `TailCall`, `RunCall`, `ListAuditCall`).
struct FleetService: Sendable {
  /// A ListHosts answer with more hosts than this leaves out the CPU history.
  static let maximumHostsWithHistory = 1000
  /// How often a watch may be updated.
  static let watchInterval: ClosedRange<UInt32> = 100...60_000
  /// How far back a tail may begin.
  static let maximumHistoryMilliseconds: UInt32 = 3_600_000
  /// Entries that one look at the audit log may ask for.
  static let maximumAuditEntries: UInt32 = 100_000

  let fleet: Fleet
  /// What carries out commands, and keeps the audit log.
  let runs: CommandRuns
  let clock: any ServiceClock
  let openCalls: OpenCalls
  /// When the program started.
  let started: Moment
  /// Who looks closely at which hosts.
  let leases = ViewerLeases()

  func register(in router: inout Router) {
    router.unary(MusterService.getVersion) { _, _ throws(Status) in version() }
    router.unary(MusterService.listHosts) { request, _ throws(Status) in try list(request) }
    router.serverStreaming(MusterService.latest) { request, stream throws(Status) in
      try latest(request, stream)
    }
    router.serverStreaming(MusterService.listProcesses) { request, stream throws(Status) in
      try listProcesses(request, stream)
    }
    router.serverStreaming(MusterService.watchHosts) { request, stream throws(Status) in
      try watch(request, stream)
    }
    router.serverStreaming(MusterService.tail) { request, stream throws(Status) in
      try tail(request, stream)
    }
    registerCommands(in: &router)
  }

  private func version() -> GetVersionResponse {
    let hosts = fleet.hosts
    let series = hosts.reduce(0) { sum, host in sum + host.withRecord { $0.store.presentCount } }
    return GetVersionResponse(
      startedMicroseconds: started.wallMicroseconds, hosts: UInt64(hosts.count), series: UInt64(series))
  }

  private func list(_ request: ListHostsRequest) throws(Status) -> ListHostsResponse {
    let selector = try Selector(request: request.selector)
    let now = clock.now
    let hosts = fleet.hosts.filter { $0.isSelected(by: selector) }
    let includingHistory = hosts.count <= Self.maximumHostsWithHistory
    let known = hosts.map { $0.info(at: now, includingHistory: includingHistory) }
    let expected = fleet.expected(selectedBy: selector)
    let infos =
      expected.isEmpty
      ? known : (known + expected).sorted { ($0.instance, $0.hostID) < ($1.instance, $1.hostID) }
    guard infos.reduce(0, { $0 + $1.estimatedBytes }) <= AnswerSize.maximum else {
      throw Status(
        .resourceExhausted,
        "\(infos.count) hosts do not fit into one answer; narrow the selector, or use WatchHosts, which sends them in parts"
      )
    }
    return ListHostsResponse(hosts: infos)
  }

  private func latest(_ request: LatestRequest, _ stream: ServerStream<HostSamples>) throws(Status) {
    let selector = try Selector(request: request.selector)
    let pattern = try MetricPattern(request: request.pattern)
    let hosts = fleet.hosts.filter { $0.isSelected(by: selector) }
    PerHostCall(stream, hosts: hosts) { $0.latestSamples(matching: pattern) }.start()
  }

  private func listProcesses(
    _ request: ListProcessesRequest, _ stream: ServerStream<HostProcesses>
  ) throws(Status) {
    let selector = try Selector(request: request.selector)
    let hosts = fleet.hosts.filter { $0.isSelected(by: selector) }
    PerHostCall(stream, hosts: hosts) { $0.latestProcesses() }.start()
  }

  private func watch(_ request: WatchHostsRequest, _ stream: ServerStream<HostsUpdate>) throws(Status) {
    let selector = try Selector(request: request.selector)
    let milliseconds = request.intervalMilliseconds == 0 ? 1000 : request.intervalMilliseconds
    guard Self.watchInterval.contains(milliseconds) else {
      throw Status(
        .invalidArgument,
        "interval_ms \(milliseconds): accepted are \(Self.watchInterval.lowerBound) to \(Self.watchInterval.upperBound), and 0 for 1000"
      )
    }
    WatchHostsCall(stream, service: self, selector: selector, interval: .milliseconds(Int64(milliseconds)))
      .start()
  }

  private func tail(_ request: TailRequest, _ stream: ServerStream<TailUpdate>) throws(Status) {
    let selector = try Selector(request: request.selector)
    let pattern = try MetricPattern(request: request.pattern)
    guard request.historyMilliseconds <= Self.maximumHistoryMilliseconds else {
      throw Status(
        .invalidArgument,
        "history_ms \(request.historyMilliseconds): accepted are 0 to \(Self.maximumHistoryMilliseconds)")
    }
    try checkRaise(request.raiseIntervalMilliseconds, selector)
    TailCall(
      stream, service: self, selector: selector, pattern: pattern,
      history: .milliseconds(Int64(request.historyMilliseconds)), raise: request.raiseIntervalMilliseconds
    ).start()
  }

  private func checkRaise(_ interval: UInt32, _ selector: Selector) throws(Status) {
    guard interval > 0 else { return }
    guard ViewerLeases.interval.contains(interval) else {
      throw Status(
        .invalidArgument,
        "raise_interval_ms \(interval): accepted are \(ViewerLeases.interval.lowerBound) to \(ViewerLeases.interval.upperBound), and 0 for none"
      )
    }
    let count = fleet.hosts.count { !$0.isOwn && $0.isSelected(by: selector) }
    guard count <= ViewerLeases.maximumHosts else {
      throw Status(
        .invalidArgument,
        "raise_interval_ms with \(count) hosts selected; at most \(ViewerLeases.maximumHosts) can be raised: narrow the selector"
      )
    }
  }
}

extension Host {
  /// Whether the selector selects the host as it is now.
  func isSelected(by selector: Selector) -> Bool {
    withRecord {
      selector.matches(hostID: id, instance: $0.identity.instance, labels: $0.selectableLabels)
    }
  }
}
