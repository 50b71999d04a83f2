import GRPC
import GRPCServices
import Testing
import Wire

@Suite struct HealthCheckTests {
  @Test func saysHowAServiceIs() throws {
    let stage = HealthStage()
    let cable = stage.connect()
    #expect(try cable.check("") == .success(.serving))
    #expect(try cable.check("shop.Till") == .success(.serving))
    stage.statuses.set(.notServing, for: "shop.Till")
    #expect(try cable.check("shop.Till") == .success(.notServing))
    #expect(try cable.check("") == .success(.serving))
  }

  @Test func aServiceThatDoesNotExistIsNotFound() throws {
    let stage = HealthStage()
    let cable = stage.connect()
    guard case .failure(let status) = try cable.check("shop.Cellar") else {
      Issue.record("answered")
      return
    }
    #expect(status.code == .notFound)
    #expect(status.message.contains("\"shop.Cellar\""))
    stage.statuses.set(.serving, for: "shop.Cellar")
    #expect(try cable.check("shop.Cellar") == .success(.serving))
  }

  @Test func nothingIsServedUntilSomebodySaysSo() throws {
    let stage = HealthStage(HealthStatuses(services: ["shop.Till"]))
    let cable = stage.connect()
    #expect(try cable.check("") == .success(.notServing))
    stage.statuses.setAll(.serving)
    #expect(try cable.check("") == .success(.serving))
    #expect(try cable.check("shop.Till") == .success(.serving))
  }

  @Test func aNameThatIsTooLongIsRefused() throws {
    let name = String(repeating: "x", count: MessageLimits.serviceBytes + 1)
    let answer = try HealthStage().connect().check(name)
    #expect(throws: Status(.invalidArgument, "service has 257 bytes; 256 are allowed")) { try answer.get() }
  }

  /// The names and numbers of the standard, which foreign programs are built with.
  @Test func theBytesAreTheStandards() throws {
    #expect(HealthService.check.path == "/grpc.health.v1.Health/Check")
    #expect(HealthService.watch.path == "/grpc.health.v1.Health/Watch")
    #expect(encoded(HealthCheckRequest(service: "ab")) == [0x0a, 2, 0x61, 0x62])
    #expect(encoded(HealthCheckRequest()) == [])
    let statuses: [(ServingStatus, [UInt8])] = [
      (.unknown, []), (.serving, [8, 1]), (.notServing, [8, 2]), (.serviceUnknown, [8, 3]),
    ]
    for (status, bytes) in statuses {
      #expect(encoded(HealthCheckResponse(status: status)) == bytes)
      #expect(try bytes.withUnsafeBytes { try HealthCheckResponse(decoding: $0).status } == status)
    }
    let newer: [UInt8] = [8, 9]
    #expect(try newer.withUnsafeBytes { try HealthCheckResponse(decoding: $0).status } == .unknown)
  }

  private func encoded(_ message: some GRPCMessage) -> [UInt8] {
    var bytes: [UInt8] = []
    message.encode(into: &bytes)
    return bytes
  }
}
