import GRPC
import Settings
import Testing
import Wire

@testable import Collector

/// Connection, configuration and commands together, over the real calls.
@Suite struct CollectorCoreTests {
  @Test func aConfigIsAppliedStampedConfirmedAndRemembered() {
    let stage = CoreStage()
    stage.begin()
    #expect(stage.watches.map(\.schema) == [ConfigSchema.version])
    #expect(stage.body.take() == ["apply"])
    stage.offer(KeeperStage.update(7))
    // The frame that shows it comes at once, not an interval later.
    #expect(
      stage.take() == [
        "say 7 received, runs local", "say 7 validated, runs local", "say 7 applying, runs local",
        "say 7 applied, runs 7", "frame 2 stamped config",
      ])
    #expect(stage.stamp == KeeperStage.config(7).sha256)
    #expect(stage.body.take() == ["persist", "apply", "every 7.0 seconds"])
    stage.send(.configConfirm(stage.stamp))
    #expect(stage.take() == ["say 7 verified, runs 7"])
    let record = stage.body.disk.flatMap(KeeperStage.read)
    #expect(record?.good?.version == 7 && record?.trial == nil)
    // Told again what is known: nothing.
    stage.send(.configConfirm(stage.stamp))
    #expect(stage.take() == [])
  }

  @Test func withoutConfirmationTheFramesSayThatItIsGone() {
    let stage = CoreStage()
    stage.begin()
    stage.offer(KeeperStage.update(7))
    _ = stage.take()
    stage.wait(.seconds(20))
    #expect(stage.take() == ["say 7 rolledBack, runs local", "frame 3 stamped local"])
    #expect(stage.body.interval == .seconds(5))
    // The next call may bring it once more, and the call after that not.
    stage.endWatch(Status(.unavailable, "restart"))
    stage.wait(.seconds(1))
    #expect(stage.watches.last?.failedSHA256 == [])
    stage.offer(KeeperStage.update(7))
    stage.wait(.seconds(20))
    stage.endWatch(Status(.unavailable, "restart"))
    stage.wait(.seconds(1))
    #expect(stage.watches.last?.failedSHA256 == [KeeperStage.config(7).sha256])
  }

  @Test func aCutDuringATrialDoesNotEndIt() {
    let stage = CoreStage()
    stage.begin()
    stage.offer(KeeperStage.update(7))
    stage.link.cut()
    stage.turn()
    stage.wait(.seconds(1))
    #expect(stage.take().contains("hello a/7 applied"))
    stage.send(.configConfirm(KeeperStage.config(7).sha256))
    #expect(stage.take() == ["say 7 verified, runs 7"])
    #expect(stage.watches.last?.runningSHA256 == KeeperStage.config(7).sha256)
  }

  @Test func whatCannotBeAppliedIsTakenBack() {
    let stage = CoreStage()
    stage.begin()
    stage.body.failsToApply = true
    stage.offer(KeeperStage.update(7))
    #expect(stage.take().last == "say 7 failed, runs local")
    #expect(stage.stamp == [])
    #expect(stage.core.settings.interval == .seconds(5))
  }

  @Test func bufferAndHeartbeatsAreTheCoresOwn() {
    let stage = CoreStage()
    stage.begin()
    var config = KeeperStage.config(7)
    config.bufferFrames = 3
    config.heartbeatIntervalMilliseconds = 2000
    stage.offer(KeeperStage.update(7, config))
    #expect(stage.core.driver.uplink.ring.limits.maximumFrames == 3)
    #expect(stage.core.driver.uplink.settings.heartbeatInterval == .seconds(2))
  }

  @Test func aKilledCollectorSaysSoWhenItIsBack() {
    let stage = CoreStage()
    stage.begin()
    stage.offer(KeeperStage.update(7))
    // It dies while it waits for the confirmation: what is on the disk is all there is.
    let next = CoreStage(disk: stage.body.disk)
    next.begin()
    #expect(next.hellos.first?.configStatus.state == .rolledBack)
    #expect(next.stamp == [])
    #expect(next.body.disk.flatMap(KeeperStage.read)?.trial == nil)
  }

  // MARK: Commands

  @Test func aCommandIsAnsweredWithinTheSameTurn() {
    let stage = CoreStage()
    stage.begin()
    stage.run("c1", .ping)
    #expect(stage.take() == ["result c1 ok"])
    stage.run("c2", .sampleNow(pattern: ""))
    #expect(stage.take() == ["output c2", "result c2 ok"])
    #expect(stage.frames == [1, 2])
  }

  @Test func whatTheHostForbidsIsRefused() throws {
    var local = CollectorSettings()
    local.remote.forbidden = [.shutdown]
    let stage = CoreStage(local)
    stage.begin()
    stage.run("c1", .shutdown)
    #expect(stage.take() == ["result c1 refused"])
    #expect(!stage.core.isStopped)
    // Settings read again may allow it.
    stage.run("c2", .reload)
    stage.run("c3", .shutdown)
    #expect(stage.take() == ["result c2 ok", "result c3 ok", "goodbye: asked by an operator"])
    stage.wait(.seconds(2))
    #expect(stage.core.isStopped)
  }

  @Test func aResolutionIsHeldForATimeAndNeverBelowTheHostsLimit() {
    var local = CollectorSettings()
    local.remote.minimumInterval = .seconds(1)
    let stage = CoreStage(local)
    stage.begin()
    let action = SetResolutionAction(intervalMilliseconds: 100, leaseMilliseconds: 10_000, holder: "a")
    stage.run("c1", .setResolution(action))
    #expect(stage.body.interval == .seconds(1))
    #expect(
      stage.outputs.last?.content
        == .text(
          "sampling every 1s, which is the shortest interval that remote.minimum_interval allows on this host"
        ))
    #expect(stage.core.driver.uplink.hello.intervalMilliseconds == 1000)
    stage.wait(.seconds(10))
    #expect(stage.body.interval == .seconds(5))
    #expect(stage.core.driver.uplink.hello.intervalMilliseconds == 5000)
  }

  @Test func aConfigDuringALeaseIsWhatHoldsAfterIt() {
    let stage = CoreStage()
    stage.begin()
    let action = SetResolutionAction(intervalMilliseconds: 1000, leaseMilliseconds: 10_000, holder: "a")
    stage.run("c1", .setResolution(action))
    stage.offer(KeeperStage.update(7))
    stage.send(.configConfirm(KeeperStage.config(7).sha256))
    #expect(stage.body.interval == .seconds(1))
    stage.wait(.seconds(10))
    #expect(stage.body.interval == .seconds(7))
  }

  @Test func aReconnectAnswersFirstAndComesBack() {
    let stage = CoreStage()
    stage.begin()
    stage.run("c1", .reconnect)
    #expect(stage.take() == ["result c1 ok", "hello a/7 unknown"])
    #expect(stage.link.connections == 2)
    // Answered from memory, not done again.
    stage.run("c1", .reconnect)
    #expect(stage.take() == ["result c1 ok"])
    #expect(stage.link.connections == 2)
  }

  @Test func otherEffectsAreTheHosts() {
    let stage = CoreStage()
    stage.begin()
    _ = stage.body.take()
    stage.run("c1", .logLevel(LogLevelAction(level: "debug")))
    #expect(stage.take() == ["result c1 ok"])
    #expect(stage.body.take().count == 1)
  }

  // MARK: Identity and budget

  @Test func aRekeyedHostIsAnotherFromItsFirstFrameOn() {
    let stage = CoreStage()
    stage.begin()
    stage.offer(KeeperStage.update(7))
    stage.send(.configConfirm(KeeperStage.config(7).sha256))
    _ = stage.take()
    stage.send(.rekey(reason: "a twin"))
    stage.wait(.seconds(1))
    #expect(stage.take() == ["hello b/8 verified"])
    #expect(stage.hellos.last?.rekeyedFrom == String(repeating: "a", count: 32))
    stage.core.sample(at: stage.now)
    stage.turn()
    // Number 1 of the new epoch, with the config that still runs.
    #expect(stage.frames.last == 1)
    #expect(stage.stamp == KeeperStage.config(7).sha256)
  }

  @Test func withoutANewIdentityTheOldOneIsTriedAgain() {
    let stage = CoreStage()
    stage.begin()
    stage.body.failsToRenew = true
    stage.send(.rekey(reason: "a twin"))
    stage.wait(.seconds(1))
    #expect(stage.take() == ["hello a/7 unknown"])
    stage.send(.rekey(reason: "a twin"))
    stage.wait(.seconds(2))
    #expect(stage.take() == ["hello b/8 unknown"])
  }

  @Test func whatIsShedIsTakenUpAgain() {
    let stage = CoreStage()
    stage.begin()
    stage.core.shed(Shedding(level: 5), at: stage.now)
    #expect(stage.body.settings?.recorder == false)
    #expect(stage.body.interval == .seconds(10))
    // A config under it is shed, too.
    stage.offer(KeeperStage.update(7))
    #expect(stage.body.interval == .seconds(14))
    #expect(stage.body.settings?.recorder == false)
    stage.core.shed(Shedding(), at: stage.now)
    #expect(stage.body.settings?.recorder == true)
    #expect(stage.body.interval == .seconds(7))
  }

  @Test func settingsReadAgainHoldAtOnce() {
    let stage = CoreStage()
    stage.begin()
    stage.body.reloads.interval = .seconds(2)
    stage.body.reloads.remote.forbidden = [.ping]
    stage.run("c1", .reload)
    #expect(stage.body.interval == .seconds(2))
    stage.run("c2", .ping)
    #expect(stage.results.last?.outcome == .refused)
    stage.send(.reportAll)
    #expect(stage.hellos.last?.forbiddenCommands == ["ping"])
  }

  @Test func aStopEndsIt() {
    let stage = CoreStage()
    stage.begin()
    stage.core.stop(reason: "SIGTERM", at: stage.now)
    stage.turn()
    stage.wait(.seconds(2))
    #expect(stage.take() == ["goodbye: SIGTERM"])
    #expect(stage.core.isStopped)
  }
}
