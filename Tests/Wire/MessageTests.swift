import GRPC
import Testing

@testable import Wire

/// One of every message, with every field set.
private enum Example {
  static let labels = [Label("env", "prod"), Label("größe", "🦫 \"quoted\"\n")]

  static let hello = Hello(
    hostID: hostID, bootID: bootID, epoch: 3, instance: "web-1", labels: labels, operatingSystem: "Linux",
    kernelRelease: "6.1.0-28-amd64", architecture: "x86_64", collectorVersion: "0.1.0",
    intervalMilliseconds: 5000, wallTimeMicroseconds: -1)

  static let heartbeat = Heartbeat(
    id: .max, wallTimeMicroseconds: .min, clockOffsetMicroseconds: -17, roundTripMicroseconds: 900,
    framesCollected: 10, framesAcknowledged: 6, framesBuffered: 3, framesDropped: 1, intervalMilliseconds: 100
  )

  static let vitals: Vitals = {
    var vitals = Vitals()
    vitals.cpuBusyRatio = 0.25
    vitals.memoryUsedRatio = 0.5
    vitals.load1 = 1.75
    vitals.diskReadBytesPerSecond = 1
    vitals.diskWrittenBytesPerSecond = 2
    vitals.networkReceiveBytesPerSecond = 3
    vitals.networkTransmitBytesPerSecond = 4
    vitals.pressureCPURatio = 0.01
    vitals.pressureMemoryRatio = 0
    vitals.pressureIORatio = .infinity
    vitals.cpuHistory = [0, 0.5, 1]
    vitals.cpus = 8
    vitals.memoryTotalBytes = 0x1p34
    return vitals
  }()

  static let host: HostInfo = {
    var host = HostInfo(hostID: hostID, instance: "web-1")
    host.labels = labels
    host.bootID = bootID
    host.epoch = 3
    host.operatingSystem = "Linux"
    host.kernelRelease = "6.1"
    host.architecture = "aarch64"
    host.collectorVersion = "0.1.0"
    host.state = .stale
    host.connectedSinceMicroseconds = 1
    host.lastFrameMicroseconds = 2
    host.lagMicroseconds = -3
    host.clockOffsetMicroseconds = -4
    host.intervalMilliseconds = 5
    host.series = 6
    host.frames = 7
    host.duplicateFrames = 8
    host.missingFrames = 9
    host.bufferedFrames = 10
    host.droppedFrames = 11
    host.vitals = vitals
    host.goodbyeReason = "SIGTERM"
    host.address = "[::1]:40000"
    return host
  }()

  static let sample = Sample(
    name: "node_load1", labels: labels, kind: .gauge, unit: "seconds", value: -0.5)

  static let tail = TailUpdate(
    hostID: hostID, instance: "web-1",
    newSeries: [TailSeries(name: "up", labels: labels, kind: .counter, unit: "bytes")],
    frames: [TailFrame(timeMicroseconds: 5, series: [0, 300], values: [1.5, -2])], skippedFrames: 4)
}

/// A message, its type forgotten: how to bring it there and back.
struct Carried: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let bytes: [UInt8]
  /// Whether decoding the bytes gives the message again.
  let isSame: @Sendable ([UInt8]) throws -> Bool

  init<M: WireMessage & Equatable & Sendable>(_ message: M, _ name: String = "\(M.self)") {
    testDescription = name
    bytes = encoded(message)
    isSame = { try decode(M.self, $0) == message }
  }

  static let all = [
    Carried(CollectorEvent.hello(Example.hello), "hello"),
    Carried(CollectorEvent.heartbeat(Example.heartbeat), "heartbeat"),
    Carried(CollectorEvent.goodbye(Goodbye(reason: "SIGTERM")), "goodbye"),
    Carried(
      AggregatorCommand.welcome(
        Welcome(aggregatorVersion: "9", wallTimeMicroseconds: 1, acknowledgedSequence: 2)), "welcome"),
    Carried(AggregatorCommand.acknowledge(Acknowledge(epoch: 1, sequence: 2)), "acknowledge"),
    Carried(AggregatorCommand.heartbeat(HeartbeatReply(id: 3, wallTimeMicroseconds: 4)), "reply"),
    Carried(PushSummary(frames: 1, duplicates: 2, sequence: 3)),
    Carried(GetVersionRequest()),
    Carried(GetVersionResponse(version: "0.1.0", startedMicroseconds: 1, hosts: 2, series: 3)),
    Carried(ListHostsRequest(selector: "env=prod")),
    Carried(ListHostsResponse(hosts: [Example.host, HostInfo()])),
    Carried(WatchHostsRequest(selector: "!gone", intervalMilliseconds: 100)),
    Carried(HostsUpdate(initial: true, hosts: [Example.host], serverTimeMicroseconds: 9)),
    Carried(LatestRequest(selector: "a", pattern: "node_*")),
    Carried(
      HostSamples(
        hostID: hostID, instance: "i", timeMicroseconds: 1, samples: [Example.sample, Example.sample])),
    Carried(TailRequest(selector: "a", pattern: "b", historyMilliseconds: 60_000)),
    Carried(Example.tail),
    Carried(opening, "StreamOpening"),
    Carried(
      SeriesDescriptor(
        "node_cpu_seconds_total", labels: Example.labels, kind: .counter, type: .double, unit: "seconds",
        multiplier: 2, divisor: 100)),
  ]
}

@Suite struct MessageTests {
  @Test(arguments: Carried.all)
  func comesBackAsItWas(_ message: Carried) throws {
    #expect(try message.isSame(message.bytes))
  }

  @Test(arguments: Carried.all)
  func anEmptyMessageIsReadOrRefusedButNeverTraps(_ message: Carried) {
    _ = try? message.isSame([])
  }

  @Test(arguments: Carried.all)
  func cutAnywhereItIsAnotherMessageOrRefused(_ message: Carried) {
    for length in 0..<message.bytes.count {
      if let status = status({ _ = try message.isSame(Array(message.bytes[..<length])) }) {
        #expect(status.code == .invalidArgument)
        #expect(!status.message.isEmpty)
      }
    }
  }

  @Test(arguments: Carried.all)
  func noMutationTraps(_ message: Carried) {
    var random = SeededGenerator(seed: 1)
    for _ in 0..<2000 where !message.bytes.isEmpty {
      var bytes = message.bytes
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        bytes[Int.random(in: bytes.indices, using: &random)] = .random(in: .min ... .max, using: &random)
      }
      if random.chance(20) { bytes.insert(contentsOf: bytes.prefix(9), at: 0) }
      if let status = status({ _ = try message.isSame(bytes) }) { #expect(status.code == .invalidArgument) }
    }
  }

  @Test func fieldsOfNewerPeersAreSkipped() throws {
    var bytes = encoded(PushSummary(frames: 1, duplicates: 2, sequence: 3))
    bytes +=
      RawMessage {
        $0.varint(99, 5)
        $0.text(100, "news")
      }.bytes
    #expect(try decode(PushSummary.self, bytes) == PushSummary(frames: 1, duplicates: 2, sequence: 3))
  }

  @Test func stringsOfNewerEnumsAreUnknown() throws {
    let bytes = RawMessage { $0.message(1) { $0.varint(10, 77) } }.bytes
    #expect(try decode(ListHostsResponse.self, bytes).hosts.map(\.state) == [.unknown])
  }

  @Test func anEventThatIsNotKnownIsSaidSo() {
    let bytes = RawMessage { $0.message(9) { $0.varint(1, 1) } }.bytes
    #expect(status { _ = try decode(CollectorEvent.self, bytes) }?.code == .invalidArgument)
    #expect(status { _ = try decode(AggregatorCommand.self, []) }?.code == .invalidArgument)
  }

  @Test func encodingAppends() {
    var bytes: [UInt8] = [1, 2, 3]
    PushSummary(frames: 1, duplicates: 0, sequence: 0).encode(into: &bytes)
    #expect(bytes == [1, 2, 3, 8, 1])
  }

  @Test func methodsHaveThePathsOfTheProtos() {
    #expect(MusterService.pushPath == "/muster.v1.MetricsService/Push")
    #expect(MusterService.attach.path == "/muster.v1.ControlService/Attach")
    #expect(MusterService.getVersion.path == "/muster.v1.FleetService/GetVersion")
    #expect(MusterService.listHosts.path == "/muster.v1.FleetService/ListHosts")
    #expect(MusterService.watchHosts.path == "/muster.v1.FleetService/WatchHosts")
    #expect(MusterService.latest.path == "/muster.v1.FleetService/Latest")
    #expect(MusterService.tail.path == "/muster.v1.FleetService/Tail")
  }
}
