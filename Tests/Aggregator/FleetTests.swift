import GRPC
import Testing
import Wire

@testable import Aggregator

@Suite struct FleetTests {
  private func identity(_ number: Int, labels: [Label] = []) -> HostIdentity {
    let digits = String(number, radix: 16)
    return HostIdentity(
      hostID: String(repeating: "0", count: 32 - digits.count) + digits, bootID: "", epoch: 1,
      instance: "host-\(number)", labels: labels)
  }

  private func fleet(hosts: Int, forgetAfter: Duration = .seconds(60)) -> Fleet {
    var limits = FleetLimits()
    limits.hosts = hosts
    limits.forgetAfter = forgetAfter
    return Fleet(limits: limits)
  }

  @Test func aFullFleetTurnsNewcomersAway() throws {
    let fleet = fleet(hosts: 2)
    _ = try fleet.callOpened(by: identity(1), address: "", at: .at(0))
    _ = try fleet.callOpened(by: identity(2), address: "", at: .at(0))
    let status = #expect(throws: Status.self) {
      try fleet.callOpened(by: identity(3), address: "", at: .at(1))
    }
    #expect(status?.code == .resourceExhausted)
    #expect(fleet.counters.hostsRefused.value == 1)
    // Those who are in are not asked again.
    #expect(try fleet.callOpened(by: identity(1), address: "", at: .at(2)).isNew == false)
  }

  @Test func whoHasBeenGoneLongEnoughMakesRoom() throws {
    let fleet = fleet(hosts: 2)
    let first = try fleet.callOpened(by: identity(1), address: "", at: .at(0)).host
    _ = try fleet.callOpened(by: identity(2), address: "", at: .at(0))
    first.withRecord { $0.presence.callEnded(at: .at(10)) }
    #expect(throws: Status.self) { try fleet.callOpened(by: identity(3), address: "", at: .at(69)) }
    let third = try fleet.callOpened(by: identity(3), address: "", at: .at(70))
    #expect(third.isNew)
    // The number is used again; the host is another.
    #expect(third.host.number == first.number)
    #expect(fleet.host(id: first.id) == nil)
    #expect(fleet.hosts.map { $0.info(at: .at(70)).instance } == ["host-2", "host-3"])
  }

  @Test func readersHearOfMovesNewcomersAndNewLabels() throws {
    let fleet = fleet(hosts: 10)
    nonisolated(unsafe) var wakes = 0
    let subscription = LiveSubscription { wakes += 1 }
    fleet.bus.add(subscription)
    let host = try fleet.callOpened(by: identity(1), address: "", at: .at(0)).host
    #expect(wakes == 1)
    #expect(subscription.take() == [host.number])
    // A hundred moves are one wake and one mark.
    for _ in 1...100 { fleet.bus.moved(host.number) }
    #expect(wakes == 2)
    #expect(subscription.take() == [host.number])
    #expect(subscription.take() == [])
    // What is left out by a selector stays silent, until it is another.
    subscription.ignore(host.number)
    fleet.bus.moved(host.number)
    #expect(wakes == 2)
    _ = try fleet.callOpened(by: identity(1, labels: [Label("env", "prod")]), address: "", at: .at(1))
    #expect(wakes == 3)
    #expect(subscription.take() == [host.number])
    fleet.bus.remove(subscription)
    fleet.bus.moved(host.number)
    #expect(wakes == 3)
    #expect(fleet.bus.subscriberCount == 0)
  }

  @Test func turnsAreTaken() {
    var queue = TurnQueue()
    for number in [3, 1, 3, 2] { queue.append(number) }
    #expect(queue.popFirst() == 3)
    queue.append(3)
    #expect([queue.popFirst(), queue.popFirst(), queue.popFirst(), queue.popFirst()] == [1, 2, 3, nil])
    for round in 0..<5000 {
      queue.append(round)
      queue.append(round + 1)
      #expect(queue.popFirst() == round)
    }
    #expect(queue.popFirst() == 5000)
  }
}

@Suite struct DescriptorPoolTests {
  @Test func hostsShareWhatTheyDescribeAlike() {
    let pool = DescriptorPool()
    let labels = [Label("a", "1"), Label("b", "2")]
    let series = SeriesDescriptor("x", labels: labels, kind: .gauge)
    let turned = SeriesDescriptor("x", labels: labels.reversed(), kind: .gauge)
    let other = SeriesDescriptor("x", labels: labels, kind: .gauge, divisor: 100)
    var first: [SharedSeries] = pool.shared([series, other])
    var second: [SharedSeries] = pool.shared([turned])
    #expect(first[0] === second[0])
    #expect(first[0] !== first[1])
    #expect(pool.count == 2)
    pool.sweep()
    #expect(pool.count == 2)
    first = []
    pool.sweep()
    #expect(pool.count == 1)
    second = []
    pool.sweep()
    #expect(pool.count == 0)
  }
}
