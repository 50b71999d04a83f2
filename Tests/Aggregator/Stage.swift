import GRPC
import Logging
import Wire

@testable import Aggregator

/// An aggregator without sockets: its services behind connections that are joined in memory, and a clock that stands
/// until it is moved.
final class Stage {
  let fleet: Fleet
  let clock = StageClock()
  let openCalls = OpenCalls()
  let store = StageStore()
  let runs: CommandRuns
  private let router: Router
  private var lines: [Line] = []

  init(limits: FleetLimits = FleetLimits()) {
    fleet = Fleet(limits: limits)
    let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    runs = CommandRuns(
      fleet: fleet, audit: AuditLog(store: store, nextID: 1), clock: clock, logger: logger, nextRun: 1)
    var router = Router()
    CollectorService(
      fleet: fleet, clock: clock, acknowledgement: AcknowledgementSettings(), openCalls: openCalls,
      logger: logger
    ).register(in: &router)
    FleetService(fleet: fleet, runs: runs, clock: clock, openCalls: openCalls, started: .at(0))
      .register(in: &router)
    self.router = router
  }

  func connect(from peer: String = "192.0.2.1:40000") -> Line {
    let line = Line(router, peer: peer)
    lines.append(line)
    return line
  }

  /// Moves bytes on all lines until all are silent.
  func settle() {
    while lines.map({ $0.move(at: clock.now.instant) }).contains(true) {}
  }

  /// Lets time pass, timer by timer.
  func advance(_ seconds: Double) {
    clock.advance(seconds) { self.settle() }
  }
}

/// One connection.
final class Line {
  let client: ClientConnection
  let server: ServerConnection
  /// While set, the client takes nothing from the socket.
  var isClogged = false

  init(_ router: Router, peer: String) {
    let start = Instant(nanoseconds: 0)
    client = ClientConnection(
      configuration: ClientConfiguration(), authority: "test", scheme: "http", at: start)
    server = ServerConnection(configuration: ServerConfiguration(), router: router, peer: peer, at: start)
  }

  func move(at now: Instant) -> Bool {
    let sent = Self.carry(client, server, at: now)
    return !isClogged && Self.carry(server, client, at: now) || sent
  }

  func cut(at now: Moment) {
    server.connectionLost(at: now.instant)
    client.connectionLost(at: now.instant)
  }

  func call<Q, R>(_ method: Method<Q, R>, _ requests: Q..., halfClosing: Bool = true) -> Heard<Q, R> {
    let heard = Heard<Q, R>()
    heard.call = try? client.start(method.path, handler: heard)
    for request in requests { heard.call?.send(request) }
    if halfClosing { heard.call?.halfClose() }
    return heard
  }

  private static func carry(_ from: some GRPCConnection, _ to: some GRPCConnection, at now: Instant) -> Bool {
    var bytes: [UInt8] = []
    while from.takeOutput({ bytes += $0 }) {}
    bytes.withUnsafeBytes { if !$0.isEmpty { to.receive($0, at: now) } }
    return !bytes.isEmpty
  }
}

/// What a client heard on one call.
final class Heard<Q: GRPCMessage, R: GRPCMessage>: ClientCallHandler {
  var call: ClientCall?
  private(set) var messages: [R] = []
  private(set) var largest = 0
  private(set) var status: Status?

  func send(_ message: Q) { call?.send(message) }

  func receive(_ message: UnsafeRawBufferPointer, on call: ClientCall) {
    largest = max(largest, message.count)
    if let decoded = try? R(decoding: message) { messages.append(decoded) }
  }

  func ended(_ status: Status, trailers: Metadata, on call: ClientCall) { self.status = status }

  /// What was heard since the last time.
  func news() -> [R] {
    defer { messages = [] }
    return messages
  }
}

// Sendable unchecked: a test runs on one thread.
final class StageClock: ServiceClock, @unchecked Sendable {
  private(set) var now = Moment.at(0)
  private var timers: [(due: Instant, body: () -> Void)] = []

  func schedule(after delay: Duration, _ body: @escaping () -> Void) {
    timers.append((now.instant + delay, body))
  }

  func advance(_ seconds: Double, _ settle: () -> Void) {
    let end = now.advanced(by: .milliseconds(Int64(seconds * 1000)))
    settle()
    while let next = timers.indices.min(by: { timers[$0].due < timers[$1].due }),
      timers[next].due <= end.instant
    {
      let timer = timers.remove(at: next)
      now = now.advanced(by: timer.due - now.instant)
      timer.body()
      settle()
    }
    now = end
  }
}

/// A collector on a line: its control stream and its frames.
struct StageCollector {
  var producer: Producer
  let line: Line
  let control: Heard<CollectorEvent, AggregatorCommand>
  var push: Heard<PackedFrame, PushSummary>

  init(_ producer: Producer, on line: Line, of stage: Stage) {
    self.producer = producer
    self.line = line
    control = line.call(MusterService.attach, .hello(producer.hello), halfClosing: false)
    push = line.call(MusterService.push, halfClosing: false)
    stage.settle()
  }

  mutating func send(on stage: Stage) {
    push.send(PackedFrame(producer.frame()))
    stage.settle()
  }

  /// The commands heard since the last time.
  func commands() -> [Command] {
    control.news().compactMap { heard in
      if case .run(let command) = heard { command } else { nil }
    }
  }

  /// Says something on the control stream.
  func say(_ body: CollectorEvent.Body, sequence: UInt64 = 0, on stage: Stage) {
    control.send(CollectorEvent(sequence: sequence, body: body))
    stage.settle()
  }
}
