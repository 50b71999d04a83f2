import GRPC
import GRPCNIO
public import Wire

/// `muster run COMMAND --on SELECTOR`: has hosts carry out a command, and shows what each says.
public struct RunCommand: Sendable {
  /// What is asked for, of whom, and how.
  public struct Order: Sendable {
    /// What the hosts do.
    public var action: Action
    /// Which hosts; empty: all.
    public var selector: String
    /// How long a host may take.
    public var timeoutMilliseconds: UInt32
    /// Why, for the audit log.
    public var message: String
    /// Two runs with one key are one run; empty: this run is its own.
    public var key: String
    /// Where output goes that is not for the screen.
    public var saving: SaveTarget?
    /// The operator knows that it is for more than one host.
    public var isConfirmed: Bool

    /// An order for the hosts that a selector chooses.
    public init(
      action: Action, selector: String, timeoutMilliseconds: UInt32 = 30_000, message: String = "",
      key: String = "", saving: SaveTarget? = nil, isConfirmed: Bool = true
    ) {
      self.action = action
      self.selector = selector
      self.timeoutMilliseconds = timeoutMilliseconds
      self.message = message
      self.key = key
      self.saving = saving
      self.isConfirmed = isConfirmed
    }
  }

  /// Output of one host when it is saved: as much as the aggregator lets through.
  private static let savedOutputLimitBytes: UInt32 = 4 << 20
  /// How long after the command's own time limit the aggregator's last word is waited for.
  private static let grace = Duration.seconds(15)

  private let aggregator: AggregatorOptions
  private let order: Order
  private let output: OutputFormat

  /// Will give that order.
  public init(aggregator: AggregatorOptions, order: Order, output: OutputFormat) {
    self.aggregator = aggregator
    self.order = order
    self.output = output
  }

  /// Gives the order and shows the answers. Fails when not every host said ok.
  public func run() async throws {
    if !order.isConfirmed { try await confirm() }
    let client = try await aggregator.connect()
    let started = ContinuousClock.now
    let reader = RunReader(
      aggregator: aggregator, client: client, request: request,
      timeout: .milliseconds(order.timeoutMilliseconds) + Self.grace, output: output)
    var ending = await withTaskGroup(of: RunReader.Ending?.self) { tasks -> RunReader.Ending? in
      let interrupts = Interrupts()
      tasks.addTask { await reader.read(saving: order.saving) }
      tasks.addTask {
        _ = await interrupts.first()
        return nil
      }
      // Whichever comes first, the other is told to stop: cancelling the reader cancels the call, and with
      // it the command on the hosts.
      let first = await tasks.next() ?? nil
      tasks.cancelAll()
      if let first { return first }
      var last = await tasks.next() ?? nil
      last?.isCancelled = true
      return last
    }
    await client.close()
    try ending?.show(elapsed: ContinuousClock.now - started)
  }

  private var request: RunCommandRequest {
    RunCommandRequest(
      selector: order.selector, action: order.action, timeoutMilliseconds: order.timeoutMilliseconds,
      idempotencyKey: order.key,
      outputLimitBytes: order.saving == nil ? 0 : Self.savedOutputLimitBytes, author: Author.current,
      message: order.message)
  }

  /// What cannot be taken back is not done to many hosts by a selector that chose more than was thought.
  private func confirm() async throws {
    let answer = try await aggregator.ask(
      MusterService.listHosts, ListHostsRequest(selector: order.selector))
    let hosts = answer.hosts.filter { $0.state == .online || $0.state == .stale }
    guard hosts.count > 1 else { return }
    let names = hosts.prefix(3).map(\.instance.printable).joined(separator: ", ")
    throw CommandFailure(
      .usage,
      "that is \(hosts.count) hosts (\(names)\(hosts.count > 3 ? ", …" : "")); add --yes if it is meant")
  }
}

/// Reads a run to its end.
struct RunReader: Sendable {
  let aggregator: AggregatorOptions
  let client: GRPCClient
  let request: RunCommandRequest
  let timeout: Duration
  let output: OutputFormat

  /// How far it came, and why no further.
  struct Ending: Sendable {
    var report: RunReport
    var screen: RunScreen
    var failure: (any Error)?
    var isCancelled = false
    let selector: String

    /// Says how it ended; throws if not all is well.
    mutating func show(elapsed: Duration) throws {
      if !isCancelled, let failure, report.tally.total == 0 { throw failure }
      guard isCancelled || report.tally.total > 0 else { throw SelectorText.nobody(selector) }
      try screen.show(report.rest(), of: report)
      let (seconds, attoseconds) = elapsed.components
      try screen.end(
        report, elapsedMicroseconds: seconds * 1_000_000 + attoseconds / 1_000_000_000_000,
        cancelled: isCancelled)
      if isCancelled { throw CommandFailure.silent(.interrupted) }
      if let failure { throw failure }
      if !report.tally.isAllWell { throw CommandFailure.silent(.notAllWell) }
    }
  }

  /// Reads and shows; ends with the stream, or when its task is cancelled.
  func read(saving target: SaveTarget?) async -> Ending {
    var report = RunReport()
    var screen = RunScreen(output: output)
    var failure: (any Error)?
    do {
      let saved = try target.map(SavedOutput.init)
      let called = ContinuousClock.now
      let updates = try await client.serverStreaming(MusterService.runCommand, request, timeout: timeout)
      for try await var update in updates {
        if let content = update.output?.content, let saved {
          let rest = try saved.take(content, hostID: update.hostID, instance: update.instance)
          update.output = rest.map { CommandOutput(id: "", content: $0) }
        }
        if update.result != nil, let line = saved?.finish(hostID: update.hostID) {
          report.note(line, hostID: update.hostID, instance: update.instance)
        }
        let after = (ContinuousClock.now - called).saturatedMicroseconds
        try screen.show(report.apply(update, afterMicroseconds: after), of: report)
        if let note = update.runNote { screen.note(note) }
      }
    } catch let status as Status {
      failure = CommandFailure(endOfStream: status, aggregator: aggregator.address)
    } catch {
      failure = error
    }
    return Ending(
      report: report, screen: screen, failure: failure, selector: request.selector)
  }
}
