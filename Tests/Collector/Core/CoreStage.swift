import GRPC
import Glibc
import Logging
import Settings
import Testing
import Wire

@testable import Collector

/// A collector's core in virtual time between a host and an aggregator that the test plays, over the real
/// calls. What happens at either end is written down.
// On one thread; the router wants handlers that could be shared.
final class CoreStage: @unchecked Sendable {
  private(set) var core: CollectorCore!
  let body: PlayedBody
  private(set) var link: MemoryLink!
  var now = Moment(instant: Instant(nanoseconds: 0), wallMicroseconds: 1_000_000_000)
  /// What the aggregator hears, and what it heard of configs alone.
  private(set) var heard: [String] = []
  private(set) var hellos: [Hello] = []
  private(set) var results: [CommandResult] = []
  private(set) var outputs: [CommandOutput] = []
  /// The config that the last frame was stamped with, and the sequences that came.
  private(set) var stamp: [UInt8] = []
  private(set) var frames: [UInt64] = []
  private(set) var watches: [WatchConfigRequest] = []
  private var decoder = FrameDecoder()
  private var control: ServerStream<AggregatorCommand>?
  private var watch: ServerStream<ConfigUpdate>?

  init(_ local: CollectorSettings = CollectorSettings(), disk: String? = nil) {
    body = PlayedBody()
    body.disk = disk
    let settings = UplinkSettings()
    let hello = Hello(
      hostID: String(repeating: "a", count: 32), bootID: "b", epoch: 7, instance: "web-1",
      intervalMilliseconds: 5000, wallTimeMicroseconds: 0)
    link = MemoryLink(router)
    let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    core = CollectorCore(
      driver: LinkDriver(
        uplink: Uplink(hello: hello, settings: settings, seed: 1), link: link,
        log: ConnectionLog(logger: logger, target: "memory")),
      keeper: ConfigKeeper(local: local, record: disk.flatMap(KeeperStage.read)),
      desk: CommandDesk(forbidden: Set(local.remote.forbidden), environment: FakeEnvironment()),
      minimumInterval: local.remote.minimumInterval, logger: logger)
    body.core = core
  }

  /// Starts, connects and takes one frame.
  func begin() {
    core.start(body, at: now)
    turn()
    core.sample(at: now)
    turn()
    heard = []
  }

  /// Until nothing moves, at this moment.
  func turn() {
    repeat {
      core.advance(revents: link.hasNews ? Int16(POLLIN) : 0, at: now)
    } while link.hasNews || core.nextDeadline.map { $0 <= now.instant } ?? false
  }

  func wait(_ duration: Duration) {
    now = now.advanced(by: duration)
    turn()
  }

  /// What the aggregator heard since it was asked last.
  func take() -> [String] {
    defer { heard = [] }
    return heard
  }

  // MARK: The aggregator

  func send(_ command: AggregatorCommand) {
    control?.send(command)
    turn()
  }

  func run(_ id: String, _ action: Action) { send(.run(.test(id, action))) }

  func offer(_ update: ConfigUpdate) {
    watch?.send(update)
    turn()
  }

  func endWatch(_ status: Status) {
    watch?.finish(status)
    turn()
  }

  private var router: Router {
    var router = Router()
    router.bidirectional(MusterService.attach) { [unowned self] stream in
      control = stream
      return StreamReader(
        onMessage: { [unowned self] event throws(Status) in hear(event, stream) },
        onHalfClose: { () throws(Status) in stream.finish(.ok) })
    }
    router.clientStreaming(MusterService.push) { [unowned self] stream in
      decoder = FrameDecoder()
      return StreamReader(
        onMessage: { [unowned self] frame throws(Status) in try hear(frame) },
        onHalfClose: { () throws(Status) in
          stream.finish(with: PushSummary(frames: 0, duplicates: 0, sequence: 0))
        })
    }
    router.serverStreaming(MusterService.watchConfig) { [unowned self] request, stream throws(Status) in
      watches.append(request)
      watch = stream
    }
    return router
  }

  private func hear(_ event: CollectorEvent, _ stream: ServerStream<AggregatorCommand>) {
    switch event.body {
    case .hello(let hello):
      hellos.append(hello)
      heard.append("hello \(hello.hostID.prefix(1))/\(hello.epoch) \(hello.configStatus.state)")
      stream.send(.welcome(Welcome(wallTimeMicroseconds: 0, acknowledgedSequence: 0)))
    case .heartbeat(let heartbeat):
      stream.send(.heartbeat(HeartbeatReply(id: heartbeat.id, wallTimeMicroseconds: 0)))
    case .goodbye(let goodbye): heard.append("goodbye: \(goodbye.reason)")
    case .output(let output):
      outputs.append(output)
      heard.append("output \(output.id)")
    case .result(let result):
      results.append(result)
      heard.append("result \(result.id) \(result.outcome)")
    case .configStatus(let status): heard.append(KeeperStage.show(status))
    case .probeReply(let id): heard.append("probe reply \(id)")
    }
  }

  private func hear(_ frame: PackedFrame) throws(Status) {
    let read = frame.bytes.withUnsafeBytes { bytes in
      Result { () throws(Status) in
        try decoder.decode(bytes) { frame in
          frames.append(frame.sequence)
          if let config = frame.configSHA256, config != stamp {
            stamp = config
            heard.append("frame \(frame.sequence) stamped \(config.isEmpty ? "local" : "config")")
          }
        }
      }
    }
    try read.get()
    control?.send(.acknowledge(Acknowledge(epoch: hellos.last?.epoch ?? 0, sequence: frames.last ?? 0)))
  }
}
