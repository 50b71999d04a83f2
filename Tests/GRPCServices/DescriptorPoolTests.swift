import Testing

@testable import GRPCServices

@Suite struct DescriptorPoolTests {
  private let pool = DescriptorPool.ofProgram

  @Test(arguments: [
    ("muster.v1.FleetService", "muster/v1/fleet.proto"),
    ("muster.v1.FleetService.Tail", "muster/v1/fleet.proto"),
    ("muster.v1.Label", "muster/v1/metrics.proto"), ("muster.v1.Label.name", "muster/v1/metrics.proto"),
    ("muster.v1.ConfigState", "muster/v1/config.proto"),
    ("muster.v1.CONFIG_STATE_FAILED", "muster/v1/config.proto"),
    ("muster.v1.CollectorEvent.event", "muster/v1/control.proto"),
    ("grpc.health.v1.HealthCheckResponse.ServingStatus", "grpc/health/v1/health.proto"),
    ("grpc.health.v1.HealthCheckResponse.SERVING", "grpc/health/v1/health.proto"),
    ("grpc.reflection.v1alpha.ServerReflection", "grpc/reflection/v1alpha/reflection.proto"),
  ])
  func everyNameHasItsFile(_ name: String, _ file: String) {
    #expect(pool.file(defining: name)?.name == file)
  }

  @Test(arguments: [
    "", "muster", "muster.v1", "muster.v1.Lab", "Label", "muster.v1.ConfigState.CONFIG_STATE_FAILED",
  ])
  func otherNamesHaveNone(_ name: String) {
    #expect(pool.file(defining: name) == nil)
  }

  @Test func importsFollowTheirFileOnce() throws {
    let file = try #require(pool.files["muster/v1/control.proto"])
    let names = pool.closure(of: file, without: []).map(\.name)
    #expect(names.first == "muster/v1/control.proto")
    #expect(Set(names).isSuperset(of: file.imports) && Set(names).count == names.count)
    #expect(pool.closure(of: file, without: Set(names)).map(\.name) == ["muster/v1/control.proto"])
  }

  @Test func whatIsNoDescriptorIsEmpty() {
    for bytes in [[], [0xff], [0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], [0x0a, 5, 1]]
      as [[UInt8]]
    {
      #expect(DescriptorPool(set: bytes).files.isEmpty)
    }
  }
}
