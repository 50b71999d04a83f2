import GRPC
import Testing

@testable import Wire

/// Messages of configuration and commands, packed by hand field by field: what a peer in another language sends
/// and gets.
@Suite struct ForeignBytesTests {
  @Test func aCommand() throws {
    let bytes = RawMessage {
      $0.text(1, "17-web-1")
      $0.varint(2, 30_000)
      $0.varint(3, 10_000)
      $0.varint(4, 1 << 20)
      $0.text(5, "deploy-4711")
      $0.varint(6, 1)
      $0.message(7) {
        $0.message(3) {
          $0.varint(1, 20)
          $0.varint(2, 1)
          $0.varint(3, 500)
        }
      }
    }.bytes
    let command = Command(
      id: "17-web-1", timeToLiveMilliseconds: 30_000, timeoutMilliseconds: 10_000,
      outputLimitBytes: 1 << 20, idempotencyKey: "deploy-4711", role: .view,
      action: .topProcesses(TopProcessesAction(count: 20, order: .memory, windowMilliseconds: 500)))
    #expect(encoded(command) == bytes)
    #expect(try decode(Command.self, bytes) == command)
  }

  /// `Action` is a oneof: each has the number that the .proto file gives it.
  @Test func everyActionHasItsNumber() {
    let numbers: [CommandKind: UInt8] = [
      .ping: 1, .sampleNow: 2, .topProcesses: 3, .diskUsage: 4, .setResolution: 5, .recorder: 6, .reload: 7,
      .logLevel: 8, .selfCheck: 9, .diagnostics: 10, .reconnect: 11, .shutdown: 12, .planConfig: 13,
    ]
    for action in Example.actions { #expect(encoded(action).first == numbers[action.kind]! << 3 | 2) }
  }

  @Test func aConfigUpdate() throws {
    let packed = RawMessage {
      $0.varint(1, 1)
      $0.varint(2, 1000)
      $0.message(3) {
        $0.text(1, "diskstats")
        $0.varint(2, 2)
      }
      $0.message(3) {
        $0.text(1, "netdev")
        $0.varint(3, 10_000)
      }
      $0.message(4) {
        $0.text(1, "mount_points")
        $0.text(2, "/")
        $0.text(3, "/mnt/*")
        $0.text(3, "/srv/*")
      }
      $0.message(5) {
        $0.text(1, "team")
        $0.text(2, "web")
      }
      $0.varint(6, 4 << 20)
      $0.varint(7, 1000)
      $0.double(8, 0.02)
      $0.varint(9, 32 << 20)
      $0.text(10, "info")
      $0.varint(11, 10_000)
      $0.varint(12, 1)
    }.bytes
    let config = CollectorConfig(
      intervalMilliseconds: 1000,
      sources: [
        SourceConfig(name: "netdev", intervalMilliseconds: 10_000),
        SourceConfig(name: "diskstats", enabled: .off),
      ],
      filters: [FilterConfig(name: "mount_points", include: ["/"], exclude: ["/srv/*", "/mnt/*"])],
      labels: [Label("team", "web")], bufferBytes: 4 << 20, bufferFrames: 1000, cpuBudgetRatio: 0.02,
      memoryBudgetBytes: 32 << 20, logLevel: "info", heartbeatIntervalMilliseconds: 10_000, recorder: .on)
    #expect(config.packed == packed)
    #expect(try CollectorConfig(packed: packed).packed == packed)

    let bytes = RawMessage {
      $0.varint(1, 12)
      $0.bytes(2, SHA256.digest(of: packed))
      $0.bytes(3, packed)
      $0.varint(4, 4)
      $0.varint(5, 30_000)
    }.bytes
    let update = ConfigUpdate(
      version: 12, sha256: config.sha256, config: packed, rollout: 4, confirmWithinMilliseconds: 30_000)
    #expect(encoded(update) == bytes)
    #expect(try decode(ConfigUpdate.self, bytes) == update)
  }

  @Test func aConfigStatusAsACountedEvent() throws {
    let bytes = RawMessage {
      $0.message(6) {
        $0.bytes(1, .sha256(1))
        $0.varint(2, 12)
        $0.varint(3, 9)
        $0.text(4, "not confirmed in 30 s")
        $0.message(5) {
          $0.text(1, "interval")
          $0.text(2, "too short")
        }
        $0.bytes(6, .sha256(2))
      }
      $0.varint(15, 300)
    }.bytes
    let event = CollectorEvent(
      sequence: 300,
      body: .configStatus(
        ConfigStatus(
          sha256: .sha256(1), version: 12, state: .rolledBack, reason: "not confirmed in 30 s",
          problems: [ConfigProblem(key: "interval", message: "too short")], runningSHA256: .sha256(2))))
    #expect(encoded(event) == bytes)
    #expect(try decode(CollectorEvent.self, bytes) == event)
  }

  @Test(arguments: [
    (AggregatorCommand.cancel(id: "a"), RawMessage { $0.message(5) { $0.text(1, "a") } }),
    (.configConfirm(.sha256(1)), RawMessage { $0.message(6) { $0.bytes(1, .sha256(1)) } }),
    (.reportAll, RawMessage { $0.message(7) { _ in } }),
    (.rekey(reason: "twice"), RawMessage { $0.message(8) { $0.text(1, "twice") } }),
    (.probe(300), RawMessage { $0.message(9) { $0.varint(1, 300) } }),
  ])
  func aWordToTheCollector(_ command: AggregatorCommand, _ raw: RawMessage) throws {
    #expect(encoded(command) == raw.bytes)
    #expect(try decode(AggregatorCommand.self, raw.bytes) == command)
  }
}

/// What peers of other versions leave out, or know more of.
@Suite struct OtherVersionTests {
  @Test func aHelloOfOldSaysNothingOfConfig() throws {
    let event = try decode(CollectorEvent.self, RawMessage { $0.message(1) { $0.text(1, "a") } }.bytes)
    guard case .hello(let hello) = event.body else { return #expect(Bool(false), "not a hello") }
    #expect(event.sequence == 0)
    #expect(hello.capabilities == [])
    #expect(hello.configStatus == ConfigStatus())
    #expect(hello.machineSHA256 == [])
  }

  @Test func aCommandOfANewerAggregatorHasNoAction() throws {
    for action in [RawMessage { $0.message(99) { $0.varint(1, 1) } }, RawMessage()] {
      let bytes = RawMessage {
        $0.text(1, "x")
        $0.bytes(7, action.bytes)
      }.bytes
      #expect(try decode(Command.self, bytes) == Command(id: "x", action: nil))
    }
    #expect(try decode(Command.self, RawMessage { $0.text(1, "x") }.bytes).action == nil)
  }

  @Test func aRequestNeedsAnActionThatIsKnown() {
    let none = status { _ = try decode(RunCommandRequest.self, []) }
    #expect(none == Status(.invalidArgument, "a command without an action; give it one"))
    let newer = RawMessage { $0.message(2) { $0.message(99) { _ in } } }.bytes
    let unknown = status { _ = try decode(RunCommandRequest.self, newer) }
    #expect(
      unknown?.message.hasPrefix("an action that is not known here; known are ping, sample-now,") == true)
  }

  @Test func outputOfANewerCollectorIsShownAsALine() throws {
    let bytes = RawMessage {
      $0.text(1, "x")
      $0.message(77) { $0.varint(1, 1) }
    }.bytes
    let output = try decode(CommandOutput.self, bytes)
    #expect(output.content == .text("(output of a kind that is not known here; a newer version shows it)"))
  }

  @Test func anEmptyLineIsOne() throws {
    let line = CommandOutput(id: "x", content: .text(""))
    #expect(try decode(CommandOutput.self, encoded(line)) == line)
  }

  @Test func numbersOfNewerEnumsStandForTheFirst() throws {
    for number in [77, UInt64(UInt32.max), .max] {
      let status = try decode(ConfigStatus.self, RawMessage { $0.varint(3, number) }.bytes)
      #expect(status.state == .unknown)
      let source = try decode(SourceConfig.self, RawMessage { $0.varint(2, number) }.bytes)
      #expect(source.enabled == .unset)
    }
  }

  @Test func aRequestThatSaysNothingIsTheDefault() throws {
    #expect(try decode(PushConfigRequest.self, []) == PushConfigRequest())
    #expect(encoded(PushConfigRequest()) == [])
    #expect(try decode(RollBackRequest.self, []).plan.gates == Gates())
  }
}
