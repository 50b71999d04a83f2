import GRPC
import GRPCNIO
import Glibc
import Wire

/// `muster top`: the fleet live. Three things feed one session: keys, the watch on the fleet, and a
/// clock that lets ages grow; an open host adds its tail.
public struct TopCommand: Sendable {
  /// Between two attempts to reach an aggregator that went away.
  private static let retryDelay = Duration.seconds(1)
  private static let redrawInterval = Duration.seconds(1)
  /// Between two questions for an open host's processes, of which there is a new list every 15 s.
  private static let processesInterval = Duration.seconds(2)

  private let aggregator: AggregatorOptions
  private let selector: String
  private let intervalMilliseconds: UInt32

  /// Watches the hosts that a selector chooses, at most one update per interval.
  public init(aggregator: AggregatorOptions, selector: String, intervalMilliseconds: UInt32) {
    self.aggregator = aggregator
    self.selector = selector
    self.intervalMilliseconds = intervalMilliseconds
  }

  /// Runs until the operator quits. The first connection must stand: a wrong address is told in the
  /// shell, not on a screen.
  public func run() async throws {
    guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else {
      throw CommandFailure(.usage, "top needs a terminal; `muster hosts` prints the fleet once")
    }
    let client = try await aggregator.connect()
    guard let session = TopSession(aggregator: aggregator.address) else {
      throw CommandFailure(.usage, "this terminal cannot be switched to raw mode; try `muster hosts`")
    }
    let failure = await withTaskGroup(of: CommandFailure?.self) { tasks in
      tasks.addTask { await watch(session, first: client) }
      tasks.addTask { await followKeys(session) }
      tasks.addTask { await followSignals(session) }
      tasks.addTask { await followClock(session) }
      // Whichever ends first ends all: the operator, a signal, or a refusal that will not change.
      let first = await tasks.next() ?? nil
      tasks.cancelAll()
      return first
    }
    await session.restore()
    if let failure { throw failure }
  }

  private func watch(_ session: TopSession, first: GRPCClient) async -> CommandFailure? {
    var client: GRPCClient? = first
    while !Task.isCancelled {
      do {
        let standing = if let client { client } else { try await aggregator.connect() }
        client = nil
        let request = WatchHostsRequest(selector: selector, intervalMilliseconds: intervalMilliseconds)
        for try await update in try await standing.serverStreaming(MusterService.watchHosts, request) {
          await session.apply(update)
        }
        await session.disconnect("the aggregator ended the stream")
      } catch let status as Status {
        // What was asked is wrong: asking again will not help.
        if status.code == .invalidArgument || status.code == .unimplemented {
          return CommandFailure(status, aggregator: aggregator.address)
        }
        await session.disconnect(status.message)
      } catch let failure as CommandFailure {
        await session.disconnect(failure.description.split(separator: "\n").first.map(String.init) ?? "")
      } catch {
        await session.disconnect("\(error)")
      }
      try? await Task.sleep(for: Self.retryDelay)
    }
    return nil
  }

  private func followKeys(_ session: TopSession) async -> CommandFailure? {
    var tail: Task<Void, Never>?
    defer { tail?.cancel() }
    for await key in Keyboard.keys() {
      switch await session.press(key) {
      case .quit: return nil
      case .openHost(let id):
        tail?.cancel()
        tail = Task { await follow(id, session) }
      case .closeHost: tail?.cancel()
      case nil: break
      }
    }
    return nil
  }

  /// The open host's tail, taken up again when it breaks.
  private func follow(_ hostID: String, _ session: TopSession) async {
    let request = TailRequest(
      selector: "host_id=\(hostID)", pattern: HostDetail.pattern, historyMilliseconds: 0,
      raiseIntervalMilliseconds: HostDetail.raisedIntervalMilliseconds)
    while !Task.isCancelled {
      if let client = try? await aggregator.connect(),
        let updates = try? await client.serverStreaming(MusterService.tail, request)
      {
        await session.restartDetail(hostID)
        let processes = Task { await followProcesses(hostID, client, session) }
        do {
          for try await update in updates { await session.apply(update) }
        } catch {
          // The head line tells why: the watch on the fleet breaks with the same connection.
        }
        processes.cancel()
        await client.close()
      }
      try? await Task.sleep(for: Self.retryDelay)
    }
  }

  /// What uses most on the open host, until its connection ends.
  private func followProcesses(_ hostID: String, _ client: GRPCClient, _ session: TopSession) async {
    let request = ListProcessesRequest(selector: "host_id=\(hostID)")
    while !Task.isCancelled {
      guard let answers = try? await client.serverStreaming(MusterService.listProcesses, request) else {
        return
      }
      do {
        for try await host in answers { await session.apply(host) }
      } catch {
        return
      }
      try? await Task.sleep(for: Self.processesInterval)
    }
  }

  private func followSignals(_ session: TopSession) async -> CommandFailure? {
    for await signal in Signals.stream([SIGWINCH, SIGTERM, SIGHUP, SIGINT]) {
      if signal != SIGWINCH { return nil }
      await session.resized()
    }
    return nil
  }

  private func followClock(_ session: TopSession) async -> CommandFailure? {
    while !Task.isCancelled {
      await session.draw()
      try? await Task.sleep(for: Self.redrawInterval)
    }
    return nil
  }
}

/// The model, and the terminal it is drawn on. One thing at a time.
actor TopSession {
  private let terminal: Terminal
  private var model = TopModel()
  private let aggregator: String
  private let style = Style.suiting(descriptor: STDOUT_FILENO)
  private let unicode = Locale.isUnicode

  init?(aggregator: String) {
    guard let terminal = Terminal() else { return nil }
    self.terminal = terminal
    self.aggregator = aggregator
  }

  func apply(_ update: HostsUpdate) {
    model.apply(update, now: WallClock.microseconds)
    draw()
  }

  func apply(_ update: TailUpdate) {
    model.apply(update)
    draw()
  }

  func apply(_ processes: HostProcesses) {
    model.apply(processes)
    draw()
  }

  func restartDetail(_ hostID: String) { model.restartDetail(hostID) }

  func disconnect(_ reason: String) {
    model.disconnect(reason)
    draw()
  }

  func press(_ key: Key) -> TopModel.Effect? {
    let effect = model.press(key, page: view.page)
    draw()
    return effect
  }

  func resized() {
    terminal.invalidate()
    draw()
  }

  func draw() { terminal.draw(view.draw(&model)) }

  func restore() { terminal.restore() }

  private var view: TopView {
    TopView(
      size: terminal.size, style: style, unicode: unicode, now: WallClock.microseconds, aggregator: aggregator
    )
  }
}
