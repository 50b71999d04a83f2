import GRPC
import Testing
import Wire

@testable import Aggregator

/// Which config a host's frames say they are taken under.
@Suite struct StampTests {
  private let fleet = Fleet()
  private let hooks = StageHooks()
  private let one = [UInt8](repeating: 1, count: 32)
  private let two = [UInt8](repeating: 2, count: 32)

  init() {
    fleet.install(hooks, at: .at(0))
  }

  private func stamps() -> [String] { hooks.news().filter { $0.hasPrefix("stamped") } }

  @Test func steeringHearsOfChangesOnly() throws {
    var producer = Producer()
    producer.add("a")
    let session = IngestSession(fleet: fleet, address: "")
    for config in [[], [], one, one, two, two, []] {
      producer.config = config
      _ = try session.receive(producer.frame(), at: .at(1))
    }
    #expect(stamps() == ["stamped local", "stamped 1", "stamped 2", "stamped local"])
    #expect(fleet.host(id: Producer.hostID)?.info(at: .at(1)).configSHA256 == [])
    producer.config = one
    _ = try session.receive(producer.frame(), at: .at(1))
    #expect(fleet.host(id: Producer.hostID)?.info(at: .at(1)).configSHA256 == one)
    #expect(stamps() == ["stamped 1"])
    // A new stream says it once more.
    producer.reconnect()
    let again = IngestSession(fleet: fleet, address: "")
    for _ in 1...3 { _ = try again.receive(producer.frame(), at: .at(2)) }
    #expect(stamps() == ["stamped 1"])
  }

  @Test func whatHasArrivedBeforeIsNoNews() throws {
    var producer = Producer()
    producer.add("a")
    let session = IngestSession(fleet: fleet, address: "")
    producer.config = one
    _ = try session.receive(producer.frame(), at: .at(1))
    producer.config = two
    _ = try session.receive(producer.frame(), at: .at(1))
    #expect(stamps() == ["stamped 1", "stamped 2"])
    // Both are sent again: what the host runs now is what its newest frame says.
    producer.reconnect()
    let replay = IngestSession(fleet: fleet, address: "")
    producer.config = one
    _ = try replay.receive(producer.frame(again: 1), at: .at(2))
    producer.config = two
    _ = try replay.receive(producer.frame(again: 2), at: .at(2))
    #expect(stamps() == [])
    _ = try replay.receive(producer.frame(), at: .at(2))
    #expect(stamps() == ["stamped 2"])
  }
}
