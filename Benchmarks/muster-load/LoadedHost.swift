import GRPC
import Link
import LoadLoop
import Wire

/// One simulated collector: a real connection, a Hello, and a frame each interval whose values move as
/// those of a quiet host do.
final class LoadedHost {
  let link: Link
  let index: Int
  private(set) var sequence: UInt64 = 0
  private(set) var acknowledged: UInt64 = 0
  private(set) var failure: String?
  /// When each frame not yet acknowledged was sent.
  private var sentAt: [(sequence: UInt64, at: Instant)] = []
  private(set) var acknowledgementDelays: [Duration] = []
  private(set) var frameBytes = 0

  private let plan: LoadPlan
  private let epoch: UInt64
  private var encoder = FrameEncoder()
  private var values: [Int64]
  private let present: [Bool]
  private var push: ClientCall?
  private var control: ClientCall?
  private var random: SplitMix64
  private var buffer: [UInt8] = []
  private let inbox = LoadInbox()
  private let offers = OfferInbox()
  /// Of the config in force: frames are stamped with it.
  private var config: [UInt8] = []
  /// Pings answered, and configs confirmed.
  private(set) var pings = 0
  private(set) var confirmed = 0

  init(index: Int, plan: LoadPlan, epoch: UInt64) {
    self.index = index
    self.plan = plan
    self.epoch = epoch
    link = Link(target: plan.target, tls: nil, configuration: ClientConfiguration())
    random = SplitMix64(seed: UInt64(index) &+ 1)
    values = (0..<plan.series).map { Int64($0) * 1_000_003 }
    present = Array(repeating: true, count: plan.series)
  }

  private var hostID: String {
    let digits = String(index, radix: 16)
    return String(repeating: "f", count: 16) + String(repeating: "0", count: 16 - digits.utf8.count) + digits
  }

  /// The aggregator has taken the first frame, or the connection failed.
  var isSettled: Bool { acknowledged > 0 || failure != nil }

  /// Takes what the link said, and goes on from there.
  func handle(_ event: LinkEvent?, at now: Instant) {
    switch event {
    case .connected: attach()
    case .failed(let error): failure = "\(error)"
    case .closed(let error): failure = error.map { "\($0)" } ?? "closed by the aggregator"
    case nil: break
    }
    for command in inbox.take() {
      switch command {
      case .welcome: openStreams(at: now)
      case .acknowledge(let acknowledge): settle(acknowledge.sequence, at: now)
      case .probe(let id): control?.send(CollectorEvent.probeReply(id))
      case .run(let command): answer(command)
      case .configConfirm: confirmed += 1
      case .heartbeat, .cancel, .reportAll, .rekey: break
      }
    }
    for update in offers.take() { apply(update) }
    if let ended = inbox.ended { failure = ended }
  }

  private func attach() {
    do {
      control = try link.grpc?.start(MusterService.attach.path, handler: inbox)
      control?.send(
        CollectorEvent.hello(
          Hello(
            hostID: hostID, bootID: "00000000-0000-0000-0000-000000000000", epoch: epoch,
            instance: "load-\(index)", labels: [Label("job", "load")], operatingSystem: "Linux",
            kernelRelease: "6.1.0", architecture: "x86_64", collectorVersion: MusterVersion.current,
            intervalMilliseconds: UInt32(plan.intervalMilliseconds), wallTimeMicroseconds: wallMicroseconds(),
            capabilities: [CommandKind.ping.rawValue, ConfigSchema.capability])))
    } catch {
      failure = "\(error)"
    }
  }

  private func openStreams(at now: Instant) {
    do {
      push = try link.grpc?.start(MusterService.pushPath, handler: inbox)
      let watch = try link.grpc?.start(MusterService.watchConfig.path, handler: offers)
      watch?.send(WatchConfigRequest(hostID: hostID, epoch: epoch, schema: ConfigSchema.version))
      watch?.halfClose()
      sendFrame(at: now)
    } catch {
      failure = "\(error)"
    }
  }

  private func answer(_ command: Command) {
    pings += 1
    control?.send(CollectorEvent.result(CommandResult(id: command.id, outcome: .ok)))
  }

  /// Takes a config over at once; its stamp goes out with the next frame.
  private func apply(_ update: ConfigUpdate) {
    config = update.sha256
    control?.send(
      CollectorEvent.configStatus(
        ConfigStatus(
          sha256: update.sha256, version: update.version, state: .applied, runningSHA256: update.sha256)))
  }

  /// Sends one frame, if the stream stands.
  func sendFrame(at now: Instant) {
    guard let push, failure == nil else { return }
    sequence += 1
    move()
    let opening =
      sequence == 1
      ? StreamOpening(
        hostID: hostID, bootID: "00000000-0000-0000-0000-000000000000", epoch: epoch,
        instance: "load-\(index)",
        labels: []) : nil
    buffer.removeAll(keepingCapacity: true)
    values.withUnsafeBufferPointer { values in
      present.withUnsafeBufferPointer { present in
        _ = encoder.encode(
          sequence: sequence, wallTimeMicroseconds: wallMicroseconds(),
          monotonicMicroseconds: UInt64(now.nanoseconds / 1_000), descriptors: plan.descriptors,
          values: values,
          present: present, config: config, opening: opening, into: &buffer)
      }
    }
    frameBytes = buffer.count
    push.sendMessage { $0.append(contentsOf: buffer) }
    sentAt.append((sequence, now))
  }

  func endFrames() { push?.halfClose() }

  private func move() {
    for _ in 0..<plan.changes {
      values[Int(random.next() % UInt64(plan.series))] += Int64(random.next() % 200)
    }
  }

  /// Forgets the delays so far: what follows is measured.
  func startMeasuring() { acknowledgementDelays.removeAll(keepingCapacity: true) }

  private func settle(_ sequence: UInt64, at now: Instant) {
    acknowledged = sequence
    let settled = sentAt.prefix { $0.sequence <= sequence }
    acknowledgementDelays += settled.map { now - $0.at }
    sentAt.removeFirst(settled.count)
  }
}

/// What all loaded hosts have in common.
struct LoadPlan {
  let target: LinkTarget
  let intervalMilliseconds: Int
  let series: Int
  let changes: Int
  let descriptors: [SeriesDescriptor]

  init(_ options: Options) {
    target = options.target
    intervalMilliseconds = options.intervalMilliseconds
    series = options.series
    changes = options.changes
    descriptors = (0..<series).map { index in
      SeriesDescriptor(
        "load_metric_\(index / 8)_total", labels: [Label("part", "\(index % 8)")], kind: .counter)
    }
  }
}

/// Collects what the calls of one connection say.
final class LoadInbox: ClientCallHandler {
  private var commands: [AggregatorCommand] = []
  private(set) var ended: String?

  func take() -> [AggregatorCommand] {
    defer { commands.removeAll(keepingCapacity: true) }
    return commands
  }

  func receive(_ message: UnsafeRawBufferPointer, on call: ClientCall) {
    if let command = try? AggregatorCommand(decoding: message) { commands.append(command) }
  }

  func ended(_ status: Status, trailers: Metadata, on call: ClientCall) {
    if !status.isOK { ended = "\(status)" }
  }
}

/// Collects the configs that are offered.
final class OfferInbox: ClientCallHandler {
  private var updates: [ConfigUpdate] = []

  func take() -> [ConfigUpdate] {
    defer { updates.removeAll(keepingCapacity: true) }
    return updates
  }

  func receive(_ message: UnsafeRawBufferPointer, on call: ClientCall) {
    if let update = try? ConfigUpdate(decoding: message) { updates.append(update) }
  }

  func ended(_ status: Status, trailers: Metadata, on call: ClientCall) {}
}

/// A small generator, so that a run can be repeated exactly. Source: Steele, Lea, Flood 2014.
struct SplitMix64 {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
