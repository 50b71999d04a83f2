import GRPC
import Settings
import Testing
import Wire

@testable import Collector

/// What the host's own settings say about configs, and what is refused.
@Suite struct ConfigKeeperLocalTests {
  private func settings(_ yaml: String) throws -> CollectorSettings {
    var settings = CollectorSettings()
    try settings.read(SettingsDocument(text: yaml, file: "c.yaml").root)
    return settings
  }

  @Test func whatTheHostDoesNotAllowIsRefusedWithItsKey() throws {
    let stage = KeeperStage(try settings("remote: {minimum_interval: 2s}"))
    #expect(stage.offer(1) == ["say 1 received, runs local", "say 1 refused, runs local"])
    #expect(
      stage.keeper.status.problems == [
        ConfigProblem(
          key: "interval",
          message: "1s is shorter than this host allows: remote.minimum_interval in its settings file is 2s")
      ])
    #expect(stage.keeper.standing?.failed == [KeeperStage.config(1).sha256])
    #expect(stage.disk == nil)
    #expect(stage.offer(2).last == "say 2 applied, runs 2")
  }

  @Test func whatTheSchemaDoesNotAllowIsRefused() {
    let stage = KeeperStage()
    var config = KeeperStage.config(1)
    config.intervalMilliseconds = 50
    config.sources = [SourceConfig(name: "tides", enabled: .off)]
    #expect(stage.offer(1, config).last == "say 1 refused, runs local")
    #expect(stage.keeper.status.problems.map(\.key) == ["interval", "sources.tides"])
    var newer = KeeperStage.config(2)
    newer.schema = ConfigSchema.version + 1
    #expect(stage.offer(2, newer).last == "say 2 refused, runs local")
    #expect(stage.keeper.status.problems.map(\.key) == ["schema"])
    #expect(stage.keeper.status.reason == "")
  }

  @Test func bytesThatAreNotAConfigAreRefused() {
    let stage = KeeperStage()
    var update = KeeperStage.update(1)
    update.config = [0xFF, 0xFF]
    #expect(stage.after { $0.offered(update, at: $1) }.last == "say 1 refused, runs local")
    // Damaged on the way: that says nothing about the config of that hash.
    #expect(stage.keeper.standing?.failed == [])
    update.sha256 = SHA256.digest(of: update.config)
    #expect(stage.after { $0.offered(update, at: $1) }.last == "say 1 refused, runs local")
    #expect(stage.keeper.standing?.failed == [update.sha256])
    update.config = [UInt8](repeating: 0, count: ConfigRecord.maximumConfigBytes + 1)
    update.sha256 = SHA256.digest(of: update.config)
    #expect(stage.after { $0.offered(update, at: $1) }.last == "say 1 refused, runs local")
    #expect(stage.keeper.status.reason == "it has 262145 bytes; a collector keeps 262144")
  }

  @Test func aHostThatTakesNoConfigRunsItsOwn() throws {
    let stage = KeeperStage()
    stage.adopt(3)
    let closed = stage.restarted(try settings("remote: {config: false}"))
    #expect(closed.drain() == [])
    #expect(closed.keeper.settings.interval == .seconds(5))
    #expect(closed.keeper.runningSHA256 == [] && closed.keeper.standing == nil)
    #expect(closed.offer(4) == ["say 4 refused, runs local"])
    #expect(closed.keeper.status.reason == "remote.config is false in this host's settings file")
  }

  @Test func whatWasGoodAndIsNoLongerAllowedIsDropped() throws {
    let stage = KeeperStage()
    stage.adopt(1)
    let strict = stage.restarted(try settings("remote: {minimum_interval: 2s}"))
    #expect(strict.drain() == ["write good none", "say 1 refused, runs local"])
    #expect(strict.keeper.settings.interval == .seconds(5))
  }

  // MARK: Settings read again

  @Test func settingsReadAgainLieUnderTheConfig() throws {
    let stage = KeeperStage()
    stage.adopt(3)
    let fresh = try settings("interval: 9s\nheartbeat_interval: 2s")
    #expect(stage.after { $0.reloaded(fresh, at: $1) } == ["apply 3s"])
    #expect(stage.holds?.heartbeatInterval == .seconds(2))
    #expect(stage.stamp == KeeperStage.config(3).sha256)
  }

  @Test func duringATrialTheyLieUnderIt() throws {
    let stage = KeeperStage()
    _ = stage.offer(7)
    let fresh = try settings("heartbeat_interval: 2s")
    #expect(stage.after { $0.reloaded(fresh, at: $1) } == ["apply 7s"])
    #expect(stage.holds?.heartbeatInterval == .seconds(2))
    #expect(stage.confirm(7).last == "say 7 verified, runs 7")
  }

  @Test func theyMayForbidWhatRuns() throws {
    let stage = KeeperStage()
    stage.adopt(3)
    _ = stage.offer(1)
    let strict = try settings("remote: {minimum_interval: 2s}")
    #expect(
      stage.after { $0.reloaded(strict, at: $1) }
        == ["apply 3s", "write good 3", "say 1 refused, runs 3"])
    let stricter = try settings("remote: {minimum_interval: 4s}")
    #expect(
      stage.after { $0.reloaded(stricter, at: $1) }
        == ["write good none", "say 3 refused, runs local", "apply 5s"])
    // And allow again what was refused.
    #expect(stage.after { $0.reloaded(CollectorSettings(), at: $1) } == ["apply 5s"])
    #expect(stage.offer(1).last == "say 1 applied, runs 1")
  }

  @Test func theyMayEndItAll() throws {
    let stage = KeeperStage()
    stage.adopt(3)
    _ = stage.offer(7)
    _ = stage.offer(8)
    let closed = try settings("remote: {config: false}")
    #expect(
      stage.after { $0.reloaded(closed, at: $1) }
        == ["apply 5s", "write good none", "say 7 refused, runs local"])
    #expect(stage.stamp == [])
    #expect(stage.confirm(7) == [] && stage.wait(.seconds(600)) == [])
  }
}
