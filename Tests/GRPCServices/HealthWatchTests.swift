import GRPC
import GRPCServices
import Synchronization
import Testing
import Wire

@Suite struct HealthWatchTests {
  @Test func saysTheStatusAtOnceAndThenEachChange() throws {
    let stage = HealthStage()
    let cable = stage.connect()
    let viewer = try cable.watch("shop.Till")
    #expect(viewer.heard == [.serving])
    for status in [ServingStatus.notServing, .notServing, .serving] {
      stage.statuses.set(status, for: "shop.Till")
      cable.settle()
    }
    stage.statuses.set(.notServing, for: "")
    cable.settle()
    #expect(viewer.heard == [.serving, .notServing, .serving], "only changes of this service")
    #expect(viewer.end == nil)
  }

  @Test func aServiceThatDoesNotExistMayComeToExist() throws {
    let stage = HealthStage()
    let cable = stage.connect()
    let viewer = try cable.watch("shop.Cellar")
    #expect(viewer.heard == [.serviceUnknown])
    stage.statuses.setAll(.notServing)
    cable.settle()
    #expect(viewer.heard == [.serviceUnknown])
    stage.statuses.set(.serving, for: "shop.Cellar")
    cable.settle()
    #expect(viewer.heard == [.serviceUnknown, .serving])
    #expect(viewer.end == nil)
  }

  @Test func setAllReachesEveryWatcherOnEveryConnection() throws {
    let stage = HealthStage()
    let cables = [stage.connect(), stage.connect()]
    let viewers = try cables.flatMap { [try $0.watch(""), try $0.watch("shop.Till")] }
    stage.statuses.setAll(.notServing)
    cables.forEach { $0.settle() }
    for viewer in viewers { #expect(viewer.heard == [.serving, .notServing]) }
  }

  @Test func aSlowReaderHearsTheNewestAndNotTheBacklog() throws {
    let stage = HealthStage()
    var configuration = ServerConfiguration()
    configuration.limits.writeHighWaterBytes = 0
    configuration.limits.writeLowWaterBytes = 0
    let cable = stage.connect(configuration)
    let viewer = try cable.watch("")
    cable.isClogged = true
    for _ in 0..<500 {
      stage.statuses.set(.notServing)
      stage.statuses.set(.serving)
    }
    stage.statuses.set(.unknown)
    cable.isClogged = false
    cable.settle()
    #expect(viewer.heard == [.serving, .notServing, .unknown])
  }

  @Test func changesWakeTheLoopOnceUntilItLooks() throws {
    let stage = HealthStage()
    let cable = stage.connect()
    let loop = StandingLoop()
    cable.server.executor = loop
    let viewer = try cable.watch("")
    for _ in 0..<500 {
      stage.statuses.set(.notServing)
      stage.statuses.set(.serving)
    }
    stage.statuses.set(.notServing)
    #expect(loop.waiting == 1)
    cable.settle()
    #expect(viewer.heard == [.serving], "nothing is said but on the connection's loop")
    loop.run()
    cable.settle()
    #expect(viewer.heard == [.serving, .notServing])
    stage.statuses.set(.serving)
    loop.run()
    cable.settle()
    #expect(viewer.heard == [.serving, .notServing, .serving])
  }

  @Test func aWatchGoesWithItsCall() throws {
    let stage = HealthStage()
    let cable = stage.connect()
    let cancelled = try cable.watch("")
    _ = try cable.watch("")
    #expect(stage.statuses.watchCount == 2)
    cancelled.call?.cancel()
    cable.settle()
    #expect(stage.statuses.watchCount == 1)
    cable.lose()
    #expect(stage.statuses.watchCount == 0)
    stage.statuses.setAll(.notServing)
    #expect(cancelled.heard == [.serving])
  }

  @Test func thereIsALimit() throws {
    let stage = HealthStage(maximumWatches: 2)
    let cable = stage.connect()
    let first = try cable.watch("")
    _ = try cable.watch("shop.Till")
    let refused = try cable.watch("")
    #expect(refused.end?.code == .resourceExhausted)
    #expect(refused.heard == [])
    #expect(stage.statuses.watchCount == 2)
    #expect(stage.statuses.refusedWatchCount == 1)
    first.call?.cancel()
    cable.settle()
    #expect(try cable.watch("").heard == [.serving])
  }

  @Test func noConnectionTakesAll() throws {
    let stage = HealthStage()
    let cable = stage.connect()
    for _ in 0..<HealthStatuses.maximumWatchesPerConnection { #expect(try cable.watch("").end == nil) }
    #expect(try cable.watch("").end?.code == .resourceExhausted)
    #expect(stage.statuses.refusedWatchCount == 1)
    #expect(try stage.connect().watch("").heard == [.serving])
  }

  @Test func aServerThatLeavesEndsThem() throws {
    let stage = HealthStage()
    let cable = stage.connect()
    let viewer = try cable.watch("")
    let leaving = Status(.unavailable, "closing time")
    stage.statuses.setAll(.notServing)
    stage.statuses.endWatches(leaving)
    cable.settle()
    #expect(viewer.heard == [.serving, .notServing])
    #expect(viewer.end == leaving)
    #expect(stage.statuses.watchCount == 0)
    #expect(try cable.watch("").end == leaving)
    #expect(try cable.check("") == .success(.notServing))
  }
}

/// A loop that runs what it was given when it is told to.
private final class StandingLoop: LoopExecutor {
  private let work = Mutex<[@Sendable () -> Void]>([])

  var waiting: Int { work.withLock { $0.count } }

  func execute(_ body: @escaping @Sendable () -> Void) {
    work.withLock { $0.append(body) }
  }

  func run() {
    let bodies = work.withLock { work in
      let bodies = work
      work = []
      return bodies
    }
    for body in bodies { body() }
  }
}
