import GRPC
import Testing
import Wire

@testable import Collector

@Suite struct ConfigKeeperTests {
  @Test func aConfigIsTriedAndKeptWhenItIsConfirmed() {
    let stage = KeeperStage()
    #expect(stage.drain() == [])
    #expect(stage.keeper.settings.interval == .seconds(5) && stage.keeper.runningSHA256 == [])
    #expect(
      stage.offer(7) == [
        "say 7 received, runs local", "say 7 validated, runs local", "write good none trial 7",
        "say 7 applying, runs local", "apply 7s", "say 7 applied, runs 7",
      ])
    #expect(stage.stamp == KeeperStage.config(7).sha256)
    #expect(stage.keeper.nextDeadline == stage.now.instant + .seconds(20))
    #expect(stage.confirm(7) == ["write good 7", "say 7 verified, runs 7"])
    #expect(stage.keeper.nextDeadline == nil)
    #expect(stage.keeper.runningVersion == 7)
    // It is what the next run begins with, and says.
    let next = stage.restarted()
    #expect(next.drain() == [])
    #expect(next.keeper.settings.interval == .seconds(7))
    #expect(next.keeper.runningSHA256 == KeeperStage.config(7).sha256)
    #expect(next.keeper.standing?.status.state == .verified)
    #expect(next.keeper.runningVersion == 7)
  }

  @Test func withoutConfirmationItGoesBackByItself() {
    let stage = KeeperStage()
    stage.adopt(3)
    _ = stage.offer(7)
    #expect(stage.wait(.milliseconds(19_999)) == [])
    #expect(
      stage.wait(.milliseconds(1)) == ["apply 3s", "write good 3", "say 7 rolledBack, runs 3"])
    #expect(
      stage.keeper.status.reason == "no confirmation that its frames arrive came within 20s")
    #expect(stage.stamp == KeeperStage.config(3).sha256)
    // Too late.
    #expect(stage.confirm(7) == [])
    // A host can be cut off whatever it runs: it may be tried once more.
    #expect(stage.keeper.standing?.failed == [])
    #expect(stage.offer(7).last == "say 7 applied, runs 7")
    #expect(stage.wait(.seconds(20)).last == "say 7 failed, runs 3")
    #expect(
      stage.keeper.status.reason
        == "no confirmation that its frames arrive came within 20s, in trial 2; it is not tried again on this host"
    )
    #expect(stage.keeper.standing?.failed == [KeeperStage.config(7).sha256])
    #expect(stage.restarted().offer(7) == ["say 7 failed, runs 3"])
  }

  /// Simulated fleets found it: a host that was cut off on its way back to a good config never got there.
  @Test func whatWasConfirmedOnceIsNeverToBlame() {
    var stage = KeeperStage()
    stage.adopt(3)
    stage.adopt(7)
    for _ in 0..<3 {
      #expect(stage.offer(3).last == "say 3 applied, runs 3")
      #expect(stage.wait(.seconds(20)).last == "say 3 rolledBack, runs 7")
      _ = stage.offer(3)
      stage = stage.restarted()
      #expect(stage.drain().last == "say 3 rolledBack, runs 7")
    }
    #expect(stage.keeper.standing?.failed == [])
    _ = stage.offer(3)
    #expect(stage.confirm(3).last == "say 3 verified, runs 3")
  }

  /// A confirmation may be for frames of an earlier trial, which arrive late.
  @Test func onlyFramesOfThisTrialConfirmIt() {
    let stage = KeeperStage()
    _ = stage.offer(7)
    #expect(stage.wait(.seconds(20)).last == "say 7 rolledBack, runs local")
    let before = stage.frames
    _ = stage.offer(7)
    _ = stage.acknowledge(through: before)
    #expect(stage.after { keeper, _ in keeper.confirmed(KeeperStage.config(7).sha256) } == [])
    #expect(stage.acknowledge(through: before) == [])
    #expect(stage.acknowledge(through: before + 1) == ["write good 7", "say 7 verified, runs 7"])
  }

  @Test func withoutAnythingBeforeItGoesBackToTheLocalFile() {
    let stage = KeeperStage()
    _ = stage.offer(7)
    #expect(stage.wait(.seconds(20)) == ["apply 5s", "write good none", "say 7 rolledBack, runs local"])
    #expect(stage.stamp == [])
  }

  @Test func whatCannotBeAppliedFailsAndIsTakenBack() {
    let stage = KeeperStage()
    stage.adopt(3)
    stage.failsToApply = true
    #expect(
      stage.offer(7).suffix(4) == ["cannot apply 7s", "apply 3s", "write good 3", "say 7 failed, runs 3"])
    #expect(stage.keeper.status.reason == "no room")
    #expect(stage.keeper.runningSHA256 == KeeperStage.config(3).sha256)
  }

  @Test func whatFailedIsNeverTriedAgainHere() {
    let stage = KeeperStage()
    stage.failsToApply = true
    _ = stage.offer(7)
    #expect(stage.offer(7) == ["say 7 failed, runs local"])
    #expect(stage.restarted().offer(7) == ["say 7 failed, runs local"])
    // Another one is.
    #expect(stage.offer(8).last == "say 8 applied, runs 8")
  }

  @Test func theListOfFailuresIsBounded() {
    let stage = KeeperStage()
    for version in 1...UInt64(ConfigRecord.maximumFailed) + 3 {
      stage.failsToApply = true
      _ = stage.offer(version)
    }
    let failed = stage.keeper.record.failed
    #expect(failed.count == ConfigRecord.maximumFailed)
    #expect(failed.first == KeeperStage.config(4).sha256)
    #expect(failed.last == KeeperStage.config(35).sha256)
    #expect(stage.disk.flatMap(KeeperStage.read)?.failed == failed)
  }

  @Test func whatRunsAlreadyIsSaidToBe() {
    let stage = KeeperStage()
    stage.adopt(3)
    #expect(stage.offer(3) == ["say 3 verified, runs 3"])
  }

  @Test func aDiskThatTakesNothingMeansNoTrial() {
    let stage = KeeperStage()
    stage.adopt(3)
    stage.failsToPersist = true
    #expect(
      stage.offer(7) == [
        "say 7 received, runs 3", "say 7 validated, runs 3", "disk full", "say 7 failed, runs 3",
      ])
    #expect(stage.keeper.status.reason == "it cannot be remembered, and so is not tried: the disk is full")
    // Not the config's fault: it may be tried in the next run, though not in this.
    #expect(stage.keeper.standing?.failed == [KeeperStage.config(7).sha256])
    #expect(stage.keeper.record.failed == [])
  }

  // MARK: Killed in the middle

  @Test func aCollectorKilledWhileApplyingComesBackOnTheLastGoodOneAndSaysSo() {
    var stage = KeeperStage()
    stage.adopt(3)
    stage.diesApplying = 7
    #expect(stage.offer(7).suffix(2) == ["say 7 applying, runs 3", "dies applying 7s"])
    stage = stage.restarted()
    #expect(stage.keeper.settings.interval == .seconds(3))
    #expect(stage.drain() == ["write good 3", "say 7 rolledBack, runs 3"])
    #expect(stage.keeper.standing?.failed == [])
    // Nobody knows whose fault it was: it may be tried once more.
    stage.diesApplying = 7
    _ = stage.offer(7)
    stage = stage.restarted()
    #expect(stage.drain() == ["write good 3", "say 7 failed, runs 3"])
    #expect(
      stage.keeper.status.reason
        == "the collector ended before it was confirmed, in trial 2; it is not tried again on this host")
    #expect(stage.offer(7) == ["say 7 failed, runs 3"])
  }

  @Test func aCollectorKilledWhileItWaitsForTheConfirmationComesBackTheSameWay() {
    var stage = KeeperStage()
    _ = stage.offer(7)
    stage = stage.restarted()
    #expect(stage.drain() == ["write good none", "say 7 rolledBack, runs local"])
    // A success in between forgets what was counted.
    _ = stage.offer(7)
    _ = stage.confirm(7)
    #expect(stage.keeper.record.undecided == [])
  }

  /// Killed again before anyone heard of it: it is said at the next start.
  @Test func anInterruptionIsSaidUntilTheTrialCameToAnEnd() {
    var stage = KeeperStage()
    stage.adopt(3)
    stage.diesApplying = 7
    _ = stage.offer(7)
    stage = stage.restarted()
    _ = stage.drain()
    stage = stage.restarted()
    #expect(stage.drain() == ["say 0 rolledBack, runs 3"])
    #expect(stage.keeper.status.sha256 == KeeperStage.config(7).sha256)
    _ = stage.offer(7)
    _ = stage.confirm(7)
    stage = stage.restarted()
    #expect(stage.drain() == [])
    #expect(stage.keeper.status.state == .verified)
  }

  // MARK: One after the other

  @Test func whatComesDuringATrialWaitsForTheVerdictAndTheNewestWins() {
    let stage = KeeperStage()
    _ = stage.offer(7)
    #expect(stage.offer(8) == [])
    #expect(stage.offer(9) == [])
    #expect(stage.keeper.runningVersion == 7)
    #expect(
      stage.confirm(7) == [
        "write good 7", "say 7 verified, runs 7", "say 9 received, runs 7", "say 9 validated, runs 7",
        "write good 7 trial 9", "say 9 applying, runs 7", "apply 9s", "say 9 applied, runs 9",
      ])
  }

  @Test func itIsTriedAfterAFailureToo() {
    let stage = KeeperStage()
    _ = stage.offer(7)
    _ = stage.offer(8)
    #expect(stage.wait(.seconds(20)).last == "say 8 applied, runs 8")
  }

  @Test func theOneOnTrialComingAgainTakesTheOthersPlace() {
    let stage = KeeperStage()
    _ = stage.offer(7)
    _ = stage.offer(8)
    #expect(stage.offer(7) == [])
    #expect(stage.confirm(7) == ["write good 7", "say 7 verified, runs 7"])
  }

  @Test func goingBackToWhatWasGoodBefore() {
    let stage = KeeperStage()
    stage.adopt(3)
    stage.adopt(7)
    // The aggregator rolls back: an older config is a config as any other.
    #expect(stage.offer(3).last == "say 3 applied, runs 3")
    _ = stage.confirm(3)
    #expect(stage.keeper.record.good?.version == 3)
  }

  @Test(arguments: [(0, 60), (1, 5), (20_000, 20), (UInt32.max, 600)] as [(UInt32, Int)])
  func theTimeToConfirmIsBounded(milliseconds: UInt32, seconds: Int) {
    let stage = KeeperStage()
    _ = stage.offer(7, confirmWithin: milliseconds)
    #expect(stage.keeper.nextDeadline == stage.now.instant + .seconds(seconds))
  }

  @Test func aConfigThatSaysNothingIsOneToo() {
    let stage = KeeperStage()
    stage.adopt(3)
    let empty = CollectorConfig(schema: ConfigSchema.version)
    #expect(stage.offer(9, empty).last == "say 9 applied, runs other")
    #expect(stage.holds?.interval == .seconds(5))
    #expect(stage.stamp == empty.sha256)
  }

  /// A host must always be able to come back to its own settings, whatever went wrong on the way.
  @Test func theConfigThatSaysNothingIsNeverToBlame() {
    var stage = KeeperStage()
    stage.adopt(3)
    let empty = CollectorConfig(schema: ConfigSchema.version)
    _ = stage.offer(9, empty)
    #expect(stage.wait(.seconds(21)).last == "say 9 rolledBack, runs 3")
    #expect(stage.keeper.standing?.failed == [])
    for _ in 0..<3 {
      #expect(stage.offer(9, empty).last == "say 9 applied, runs other")
      stage = stage.restarted()
      #expect(stage.drain().last == "say 9 rolledBack, runs 3")
    }
    #expect(stage.keeper.standing?.failed == [])
  }
}
