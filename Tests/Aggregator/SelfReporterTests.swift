import GRPC
import Selection
import Testing
import Wire

@testable import Aggregator

@Suite struct SelfReporterTests {
  @Test func theAggregatorIsAHostOfItsFleet() throws {
    let fleet = Fleet()
    let system = HostSystem(operatingSystem: "Linux", kernelRelease: "6.1", architecture: "x86_64")
    let reporter = SelfReporter(fleet: fleet, instance: "agg", bootID: "b", system: system, started: .at(0))
    var figures = SelfFigures()
    for second in [0.0, 5, 10] {
      figures.process.processorMicroseconds += 250_000
      figures.connections.open = 3
      figures.fleet = FleetFigures(fleet, at: .at(second))
      try reporter.report(figures, at: .at(second))
    }
    let host = try #require(fleet.hosts.first)
    let info = host.info(at: .at(11))
    #expect(info.instance == "agg")
    #expect(info.state == .online)
    #expect(info.labels == [Label("job", "muster-aggregator")])
    #expect(info.collectorVersion == MusterVersion.current)
    #expect(info.kernelRelease == "6.1")
    #expect(info.intervalMilliseconds == 5000)
    #expect(info.frames == 3)
    #expect(info.vitals?.cpuBusyRatio.isNaN == true)
    #expect(host.latest("process_cpu_seconds_total") == 0.75)
    #expect(host.latest("muster_aggregator_connections") == 3)
    // Not there is not zero.
    #expect(host.latest("process_resident_memory_bytes") == nil)
    // The state when it was counted: itself, online.
    #expect(FleetFigures(fleet, at: .at(11)).hostsByState[HostState.online.rawValue] == 1)
    #expect(
      try Selector(parsing: "!job").matches(hostID: info.hostID, instance: info.instance, labels: info.labels)
        == false)
  }

  @Test func aRestartIsTheSameHost() throws {
    let fleet = Fleet()
    for start in [0.0, 60] {
      let reporter = SelfReporter(
        fleet: fleet, instance: "agg", bootID: "b", system: HostSystem(), started: .at(start))
      try reporter.report(SelfFigures(), at: .at(start))
    }
    #expect(fleet.count == 1)
    #expect(fleet.hosts.first?.info(at: .at(60)).missingFrames == 0)
  }

  @Test func theProcessKnowsItself() throws {
    let usage = ProcessUsage.now()
    #expect(usage.processorMicroseconds > 0)
    #expect(try #require(usage.residentBytes) > 1 << 20)
    #expect(try #require(usage.openDescriptors) >= 3)
    #expect(usage.maximumDescriptors > 0)
  }

  @Test func namesAreUnique() {
    let identities = SelfSeries.all.map { "\($0.descriptor.name) \($0.descriptor.labels)" }
    #expect(Set(identities).count == identities.count)
  }
}
