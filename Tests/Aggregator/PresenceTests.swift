import GRPC
import Testing
import Wire

@testable import Aggregator

@Suite struct PresenceTests {
  /// One-second interval: silent after 3 s, offline 10 s after it was lost.
  @Test(
    arguments: [
      ("never connected", [], 0, .offline),
      ("just connected", ["+0"], 2, .online),
      ("connected, nothing comes", ["+0"], 4, .stale),
      ("frames", ["+0", "f1", "f2"], 4.9, .online),
      ("frames stop", ["+0", "f1", "f2"], 5.1, .stale),
      ("and come again", ["+0", "f1", "f9"], 9.5, .online),
      ("lost, with a fresh frame", ["+0", "f1", "-1.5"], 2, .online),
      ("lost a moment ago", ["+0", "f1", "-1.5"], 6, .stale),
      ("lost for a while", ["+0", "f1", "-1.5"], 11.4, .stale),
      ("lost", ["+0", "f1", "-1.5"], 11.6, .offline),
      ("back", ["+0", "f1", "-1.5", "+20"], 21, .online),
      ("two calls, one ends", ["+0", "+0", "f1", "-1.5"], 3.9, .online),
      ("said goodbye", ["+0", "f1", "b", "-1.5"], 1.6, .stopped),
      ("long gone", ["+0", "f1", "b", "-1.5"], 9999, .stopped),
      ("back from a stop", ["+0", "f1", "b", "-1.5", "+60"], 61, .online),
    ] as [(String, [String], Double, HostState)])
  func states(_ name: String, _ story: [String], _ now: Double, _ expected: HostState) {
    var presence = Presence()
    presence.adopt(interval: 1000)
    for event in story {
      let moment = Moment.at(Double(event.dropFirst()) ?? 0)
      switch event.first {
      case "+": presence.callOpened(at: moment)
      case "-": presence.callEnded(at: moment)
      case "f": presence.frameArrived(at: moment)
      default: presence.goodbyeReason = "SIGTERM"
      }
    }
    #expect(presence.state(at: .at(now)) == expected, "\(name)")
  }

  @Test func theIntervalIsStatedOrObservedOrAssumed() {
    var presence = Presence()
    #expect(presence.interval == .seconds(5))
    presence.frameArrived(at: .at(0))
    presence.frameArrived(at: .at(60))
    #expect(presence.interval == .seconds(60))
    presence.adopt(interval: 100)
    #expect(presence.interval == .milliseconds(100))
    // Nothing is silent before a second is over.
    #expect(presence.state(at: .at(60.9)) == .online)
    #expect(presence.state(at: .at(61.1)) == .offline)
    presence.adopt(interval: .max)
    #expect(presence.interval == Presence.maximumInterval)
  }

  @Test func connectedSinceIsTheOldestCallOfAnUnbrokenRow() {
    var presence = Presence()
    presence.callOpened(at: .at(1))
    presence.callOpened(at: .at(2))
    presence.callEnded(at: .at(3))
    #expect(presence.connectedSince == .at(1))
    presence.callEnded(at: .at(4))
    #expect(presence.connectedSince == nil)
    #expect(!presence.isAbsent(for: .seconds(10), at: .at(13)))
    #expect(presence.isAbsent(for: .seconds(10), at: .at(14)))
    presence.callOpened(at: .at(15))
    #expect(!presence.isAbsent(for: .seconds(10), at: .at(999)))
  }
}
