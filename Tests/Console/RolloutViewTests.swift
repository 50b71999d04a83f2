import Testing
import Wire

@testable import Console

@Suite struct RolloutViewTests {
  @Test func aRolloutAsTheOperatorSeesIt() {
    var rollout = rollout(.soaking)
    rollout.soakUntilMicroseconds = 101_000_000
    rollout.troubled = [
      RolloutHost(hostID: "0a", instance: "web17", wave: 1, state: .failed, reason: "no such disk")
    ]
    rollout.history = ["wave 1: 1 host verified in 1.2 s"]
    #expect(
      view(columns: 80).lines(rollout) == [
        "rollout 7: version 12 to role=web, after version 11, by ann@desk: faster disks",
        "state   SOAKING wave 2 of 4, 41s left",
        "wave 1  " + bar(36, 36) + "  1 host, passed",
        "wave 2  " + bar(34, 36) + "  48/50 verified",
        "wave 3  " + bar(0, 36) + "  to 250 hosts",
        "wave 4  " + bar(0, 36) + "  to 1000 hosts",
        "hosts   48 verified, 1 applying, 1 failed",
        "        web17 (wave 2): failed: no such disk",
        "        wave 1: 1 host verified in 1.2 s",
        "gates   verified 95%, failing sources +0, cpu 2x, memory 2x, silent 5%",
        "Ctrl-C leaves the rollout to itself",
      ])
  }

  @Test func whatGoesBackHasNoBars() {
    var rollout = rollout(.rollingBack)
    rollout.reason = "gate verified: 2 of 50 hosts failed"
    let lines = view(columns: 80).lines(rollout)
    #expect(lines[1] == "state   ROLLING BACK: gate verified: 2 of 50 hosts failed")
    #expect(!lines.contains { $0.hasPrefix("wave") })
  }

  @Test func aLostAggregatorIsSaid() {
    let lines = view(columns: 80).lines(rollout(.rolling), connection: "connection refused")
    #expect(lines.last == "lost the aggregator, trying again: connection refused")
  }

  @Test func whoIsInTheWayIsCountedBeyondAFew() {
    var rollout = rollout(.rolling)
    rollout.troubled = (0..<100).map { RolloutHost(hostID: "\($0)", instance: "h\($0)", state: .refused) }
    let lines = view(columns: 80).lines(rollout)
    #expect(lines.contains("        and 92 more"))
    #expect(lines.count { $0.contains("refused") } == 8)
  }

  @Test(arguments: [1, 2, 20, 40, 80, 200], RolloutState.allCases)
  func everyLineFits(columns: Int, state: RolloutState) {
    var rollout = rollout(state)
    rollout.message = "日本語" + String(repeating: "x", count: 300)
    rollout.reason = String(repeating: "y\u{1B}", count: 300)
    rollout.history = [String(repeating: "z", count: 300)]
    rollout.troubled = [RolloutHost(hostID: "0a", instance: "h", state: .failed, reason: rollout.reason)]
    for line in view(columns: columns).lines(rollout, connection: rollout.reason) {
      #expect(line.displayWidth <= max(1, columns - 1))
      #expect(!line.contains("\u{1B}"))
    }
  }

  @Test func nothingFromOutsideTraps() {
    var rollout = rollout(.soaking)
    rollout.wave = .max
    rollout.waveHosts = [.max, 0, .max]
    rollout.counts = [
      RolloutCount(state: .verified, hosts: .max), RolloutCount(state: .verified, hosts: .max),
    ]
    rollout.soakUntilMicroseconds = .min
    rollout.createdMicroseconds = .min
    rollout.endedMicroseconds = .max
    rollout.plan.gates = Gates(
      verifiedRatio: .nan, failingSources: .infinity, cpuFactor: 1e300, memoryFactor: -.infinity,
      silentRatio: 1e-9)
    rollout.troubled = [RolloutHost(hostID: "", instance: "", wave: .max, state: .unknown)]
    for state in RolloutState.allCases {
      rollout.state = state
      for until in [Int64.min, -1, 1, .max] {
        rollout.soakUntilMicroseconds = until
        _ = view(columns: 80).lines(rollout)
        _ = view(columns: 80, now: .min).lines(rollout)
      }
      _ = RolloutEnding(rollout)
      _ = RolloutDocument(rollout)
      var log = RolloutLog()
      _ = log.lines(rollout)
    }
  }

  private func bar(_ filled: Int, _ width: Int) -> String {
    String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
  }

  private func view(columns: Int, now: Int64 = 60_000_000) -> RolloutView {
    RolloutView(style: Style(isEnabled: false), unicode: true, columns: columns, now: now)
  }
}

@Suite struct RolloutLogTests {
  @Test func everythingIsSaidOnce() {
    var log = RolloutLog()
    var rollout = rollout(.rolling)
    rollout.wave = 0
    #expect(
      log.lines(rollout) == [
        "rollout 7: version 12 to role=web, after version 11, by ann@desk: faster disks",
        "gates: verified 95%, failing sources +0, cpu 2x, memory 2x, silent 5%",
        "rolling wave 1 of 4",
      ])
    #expect(log.lines(rollout).isEmpty)
    rollout.counts = [RolloutCount(state: .verified, hosts: 1)]
    #expect(log.lines(rollout).isEmpty, "counts move all the time")
    rollout.history = ["wave 1: 1 host verified in 1.2 s"]
    rollout.state = .soaking
    #expect(log.lines(rollout) == ["wave 1: 1 host verified in 1.2 s", "soaking wave 1 of 4"])
    rollout.troubled = [RolloutHost(hostID: "0a", instance: "web3", wave: 0, state: .rolledBack, reason: "x")]
    rollout.state = .rollingBack
    rollout.reason = "a gate failed"
    #expect(log.lines(rollout) == ["web3 (wave 1): rolled back: x", "rolling back: a gate failed"])
    rollout.state = .rolledBack
    #expect(log.lines(rollout).isEmpty, "the end is said by whoever follows it")
  }

  @Test func aNewHistoryIsSaidFromItsBeginning() {
    var log = RolloutLog()
    var rollout = rollout(.rolling)
    rollout.history = ["one", "two"]
    _ = log.lines(rollout)
    rollout.history = ["three"]
    #expect(log.lines(rollout) == ["three"])
  }
}

@Suite struct RolloutEndingTests {
  @Test func completed() throws {
    var rollout = rollout(.completed)
    rollout.counts = [RolloutCount(state: .verified, hosts: 998)]
    rollout.createdMicroseconds = 1_000_000
    rollout.endedMicroseconds = 373_000_000
    let ending = try #require(RolloutEnding(rollout))
    #expect(!ending.isFailure)
    #expect(
      ending.text == """
        COMPLETED: role=web has version 12; hosts: 998 verified; took 6m12s
        whoever was not there gets it on return: muster config status
        """)
  }

  @Test func rolledBack() throws {
    var rollout = rollout(.rolledBack)
    rollout.reason = "gate verified: 2 of 50 hosts failed"
    let ending = try #require(RolloutEnding(rollout))
    #expect(ending.isFailure)
    #expect(
      ending.text == """
        ROLLED_BACK: gate verified: 2 of 50 hosts failed
        hosts that had version 12 are back on version 11, or go back on return
        what differs: muster config diff 11 12
        what hosts would say to a corrected file: muster config plan FILE --to role=web
        """)
  }

  @Test(arguments: [RolloutState.unknown, .rolling, .soaking, .paused, .rollingBack])
  func notOver(state: RolloutState) { #expect(RolloutEnding(rollout(state)) == nil) }
}

@Suite struct OnlyRolloutTests {
  @Test func theOneThereIs() throws {
    #expect(try ConfigWatchCommand.only([rollout(.rolling)]).id == 7)
    let none = try #require(throws: CommandFailure.self) { try ConfigWatchCommand.only([]) }
    #expect(none.code == .notFound)
    let many = try #require(throws: CommandFailure.self) {
      try ConfigWatchCommand.only([rollout(.rolling), rollout(.paused)])
    }
    #expect(many.code == .usage && many.description.contains("rollout 7: version 12 to role=web"))
  }
}

func rollout(_ state: RolloutState) -> Rollout {
  Rollout(
    id: 7, version: 12, previousVersion: 11, selector: "role=web", state: state, wave: 1,
    waveHosts: [1, 50, 250, 1000],
    counts: [
      RolloutCount(state: .failed, hosts: 1), RolloutCount(state: .verified, hosts: 48),
      RolloutCount(state: .applying, hosts: 1),
    ], author: "ann@desk", message: "faster disks")
}
