import GRPC
import Logging
import Records
import Steering
import Synchronization
import Wire

@testable import Aggregator

/// An aggregator without sockets that steers: its services behind connections that are joined in memory, records that
/// can fail or be real ones, and a clock that stands until it is moved.
final class SteeringStage {
  let fleet = Fleet()
  let clock: StageClock
  let openCalls = OpenCalls()
  let loop = StageLoop()
  let desk: SteeringDesk
  let runs: CommandRuns
  let collectors: CollectorService
  private let router: Router
  private var lines: [Line] = []

  init(
    _ store: any AuditStore, restoring past: RecordsSnapshot = RecordsSnapshot(),
    clock: StageClock = StageClock()
  ) {
    let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    self.clock = clock
    let audit = AuditLog(store: store, nextID: past.nextAudit)
    fleet.restore(past.hosts, past.expectations, at: clock.now)
    runs = CommandRuns(fleet: fleet, audit: audit, clock: clock, logger: logger, nextRun: past.nextRun)
    desk = SteeringDesk(
      restoring: past.steering, fleet: fleet, store: store, audit: audit, clock: clock, executor: loop,
      logger: logger)
    fleet.install(desk, at: clock.now)
    collectors = CollectorService(
      fleet: fleet, clock: clock, acknowledgement: AcknowledgementSettings(), openCalls: openCalls,
      logger: logger)
    var router = Router()
    collectors.register(in: &router)
    RolloutService(fleet: fleet, desk: desk, runs: runs, openCalls: openCalls).register(in: &router)
    self.router = router
  }

  func connect(from peer: String = "192.0.2.1:40000") -> Line {
    let line = Line(router, peer: peer)
    lines.append(line)
    return line
  }

  /// A call of an operator, as far as it gets now.
  func call<Q, R>(_ method: Method<Q, R>, _ request: Q) -> Heard<Q, R> {
    let heard = connect(from: "192.0.2.9:50000").call(method, request)
    settle()
    return heard
  }

  /// Moves bytes on all lines, and runs what was handed to the desk's loop, until all are silent.
  func settle() {
    while lines.map({ $0.move(at: clock.now.instant) }).contains(true) || loop.run() {}
  }

  /// Lets time pass, timer by timer.
  func advance(_ seconds: Double) {
    clock.advance(seconds) { self.settle() }
  }

  func cutAll() {
    for line in lines { line.cut(at: clock.now) }
    settle()
  }
}

/// What a packed config says.
func config(_ packed: [UInt8]) throws(Status) -> CollectorConfig {
  try packed.withUnsafeBufferPointer { bytes throws(Status) in
    try CollectorConfig(decoding: UnsafeRawBufferPointer(bytes))
  }
}

/// A loop that runs what it was given, from whatever thread, when it is told to.
final class StageLoop: LoopExecutor {
  private let waiting = Mutex<[@Sendable () -> Void]>([])

  func execute(_ body: @escaping @Sendable () -> Void) {
    waiting.withLock { $0.append(body) }
  }

  /// Whether there was anything to run.
  func run() -> Bool {
    let bodies = waiting.withLock { waiting in
      defer { waiting = [] }
      return waiting
    }
    for body in bodies { body() }
    return !bodies.isEmpty
  }
}

/// A collector as another language would write one: raw calls, and frames that carry a stamp.
final class SteeredCollector {
  /// What it does with a config it gets.
  enum Conduct {
    case applies
    case fails
    /// Takes it, and says nothing.
    case hangs
  }

  let stage: SteeringStage
  var producer: Producer
  let line: Line
  var conduct = Conduct.applies
  var failed: [[UInt8]] = []
  private(set) var control: Heard<CollectorEvent, AggregatorCommand>
  private(set) var watch: Heard<WatchConfigRequest, ConfigUpdate>
  private(set) var push: Heard<PackedFrame, PushSummary>
  /// Everything it was offered, and told to keep.
  private(set) var offers: [ConfigUpdate] = []
  private(set) var confirmed: [[UInt8]] = []

  init(_ producer: Producer, on stage: SteeringStage, running: [UInt8] = []) {
    self.stage = stage
    self.producer = producer
    self.producer.config = running
    line = stage.connect()
    var hello = producer.hello
    hello.configStatus.runningSHA256 = running
    control = line.call(MusterService.attach, .hello(hello), halfClosing: false)
    stage.settle()
    let request = WatchConfigRequest(
      hostID: producer.hostID, epoch: producer.epoch, runningSHA256: running, schema: ConfigSchema.version)
    watch = line.call(MusterService.watchConfig, request)
    push = line.call(MusterService.push, halfClosing: false)
    stage.settle()
  }

  /// The first host of a name; hosts are told apart by the digit.
  convenience init(_ instance: String, _ digit: Character, labels: [Label] = [], on stage: SteeringStage) {
    var producer = Producer()
    producer.hostID = String(repeating: digit, count: 32)
    producer.instance = instance
    producer.labels = labels
    producer.add("a")
    self.init(producer, on: stage)
  }

  /// Hears what there is, does what it is asked to, and sends a frame.
  func step() {
    for case .configConfirm(let sha256) in control.news() { confirmed.append(sha256) }
    for update in watch.news() {
      offers.append(update)
      take(update)
    }
    sendFrame()
  }

  func sendFrame() {
    push.send(PackedFrame(producer.frame()))
    stage.settle()
  }

  func say(_ state: ConfigState, _ update: ConfigUpdate, reason: String = "") {
    var status = ConfigStatus(sha256: update.sha256, version: update.version, state: state)
    status.reason = reason
    status.runningSHA256 = producer.config
    control.send(.configStatus(status))
    stage.settle()
  }

  private func take(_ update: ConfigUpdate) {
    switch conduct {
    case .hangs: say(.received, update)
    case .fails:
      say(.received, update)
      failed.append(update.sha256)
      say(.failed, update, reason: "cannot read diskstats")
    case .applies:
      say(.received, update)
      say(.applying, update)
      producer.config = update.sha256
      say(.applied, update)
    }
  }
}
