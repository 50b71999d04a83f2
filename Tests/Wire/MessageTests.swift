import GRPC
import Testing

@testable import Wire

@Suite struct MessageTests {
  @Test(arguments: Carried.all)
  func comesBackAsItWas(_ message: Carried) throws {
    #expect(try message.isSame(message.bytes))
  }

  /// Otherwise the test above would not see a field that is forgotten in packing or in reading.
  @Test(arguments: Carried.all)
  func everyFieldIsSet(_ message: Carried) {
    // Events that are not counted have no sequence; others of the table have.
    #expect(message.unset.filter { $0 != "sequence" } == [])
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
    for _ in 0..<1000 where !message.bytes.isEmpty {
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
    let bytes = RawMessage { $0.message(99) { $0.varint(1, 1) } }.bytes
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
    #expect(MusterService.runCommand.path == "/muster.v1.FleetService/RunCommand")
    #expect(MusterService.retireHosts.path == "/muster.v1.FleetService/RetireHosts")
    #expect(MusterService.expectHosts.path == "/muster.v1.FleetService/ExpectHosts")
    #expect(MusterService.listAudit.path == "/muster.v1.FleetService/ListAudit")
    #expect(MusterService.watchConfig.path == "/muster.v1.ConfigService/Watch")
    #expect(MusterService.pushConfig.path == "/muster.v1.RolloutService/Push")
    #expect(MusterService.planConfig.path == "/muster.v1.RolloutService/Plan")
    #expect(MusterService.watchRollout.path == "/muster.v1.RolloutService/WatchRollout")
    #expect(MusterService.steerRollout.path == "/muster.v1.RolloutService/SteerRollout")
    #expect(MusterService.rollBack.path == "/muster.v1.RolloutService/RollBack")
    #expect(MusterService.listConfigs.path == "/muster.v1.RolloutService/ListConfigs")
    #expect(MusterService.getConfig.path == "/muster.v1.RolloutService/GetConfig")
    #expect(MusterService.explainConfig.path == "/muster.v1.RolloutService/ExplainConfig")
    #expect(MusterService.listRollouts.path == "/muster.v1.RolloutService/ListRollouts")
  }
}
