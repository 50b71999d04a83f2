import GRPC
import Logging
import Testing
import Wire

@testable import Collector

@Suite struct CommandsLeasesTests {
  private func request(_ milliseconds: UInt32, _ lease: UInt32, _ holder: String) -> SetResolutionAction {
    SetResolutionAction(intervalMilliseconds: milliseconds, leaseMilliseconds: lease, holder: holder)
  }

  @Test func theShortestCountsUntilItLapses() {
    var leases = ResolutionLeases(minimum: .milliseconds(500))
    func interval(_ seconds: Double) -> Duration {
      leases.interval(configured: .seconds(5), at: .at(seconds))
    }
    #expect(interval(0) == .seconds(5))
    #expect(leases.nextDeadline == nil)
    leases.hold(request(1000, 10_000, "a"), at: .at(0))
    leases.hold(request(2000, 20_000, "b"), at: .at(0))
    #expect(interval(9.9) == .seconds(1))
    #expect(leases.nextDeadline == Moment.at(10).instant)
    #expect(interval(10) == .seconds(2))
    leases.expire(at: .at(10))
    #expect(leases.nextDeadline == Moment.at(20).instant)
    // Renewed, and then given back.
    leases.hold(request(2000, 20_000, "b"), at: .at(15))
    #expect(interval(30) == .seconds(2))
    leases.hold(request(0, 0, "b"), at: .at(31))
    #expect(interval(31) == .seconds(5))
    #expect(leases.nextDeadline == nil)
  }

  @Test func neverBelowTheLocalLimitAndLongerIsAllowed() {
    var leases = ResolutionLeases(minimum: .milliseconds(500))
    leases.hold(request(100, 0, "a"), at: .at(0))
    #expect(leases.interval(configured: .seconds(5), at: .at(0)) == .milliseconds(500))
    leases.minimum = .seconds(2)
    #expect(leases.interval(configured: .seconds(5), at: .at(59.9)) == .seconds(2))
    #expect(leases.interval(configured: .seconds(5), at: .at(60)) == .seconds(5))
    leases.hold(request(60_000, 0, "a"), at: .at(70))
    #expect(leases.interval(configured: .seconds(5), at: .at(70)) == .seconds(60))
    // What is configured is the administrator's own word.
    leases.hold(request(0, 0, "a"), at: .at(70))
    #expect(leases.interval(configured: .milliseconds(100), at: .at(70)) == .milliseconds(100))
  }

  @Test func holdersAreBounded() {
    var leases = ResolutionLeases(minimum: .zero)
    var granted = (0..<16).map { leases.hold(request(1000, 10_000, "\($0)"), at: .at(0)) }
    #expect(granted.allSatisfy { $0 })
    granted = [
      leases.hold(request(100, 10_000, "x"), at: .at(1)), leases.hold(request(500, 10_000, "3"), at: .at(1)),
    ]
    #expect(granted == [false, true])
    #expect(leases.interval(configured: .seconds(5), at: .at(1)) == .milliseconds(500))
    // When the others have lapsed.
    granted = [leases.hold(request(100, 10_000, "x"), at: .at(10))]
    #expect(granted == [true])
  }

  @Test func aLogLevelLapses() {
    var lease = LogLevelLease()
    let granted = [
      lease.hold(LogLevelAction(level: "debug", leaseMilliseconds: 5000), at: .at(0)),
      lease.hold(LogLevelAction(level: "loud"), at: .at(1)),
    ]
    #expect(granted == [true, false])
    #expect(lease.level(configured: .info, at: .at(4.9)) == .debug)
    #expect(lease.nextDeadline == Moment.at(5).instant)
    #expect(lease.level(configured: .info, at: .at(5)) == .info)
    lease.expire(at: .at(5))
    #expect(lease.nextDeadline == nil)
    lease.hold(LogLevelAction(level: "trace"), at: .at(6))
    #expect(lease.level(configured: .info, at: .at(605)) == .trace)
    lease.hold(LogLevelAction(), at: .at(606))
    #expect(lease.level(configured: .info, at: .at(606)) == .info)
  }
}
