import GRPC
import Sampling
import Testing
import Wire

@testable import Collector

/// A collector whose cost the test decides, window by window.
private final class Cost {
  var budget = Budget()
  var limits = BudgetSettings()
  var now = Instant(nanoseconds: 0)
  var cpu: Int64 = 0
  var sent: UInt64 = 0

  init() {
    limits.cpuRatio = 0.02
    limits.memoryBytes = 32 << 20
    limits.bytesPerSecond = 1000
    _ = budget.measure(Budget.Cost(cpuNanoseconds: 0, bytesSent: 0), against: limits, at: now) { nil }
  }

  /// The level after each of so many windows.
  func spend(_ ratio: Double, resident: Int? = 8 << 20, bytes: UInt64 = 100, windows: Int) -> [Int] {
    (0..<windows).map { _ in
      for _ in 0..<10 {
        now += .seconds(1)
        cpu += Int64(ratio * 1e9)
        sent += bytes
        let before = budget.level
        let cost = Budget.Cost(cpuNanoseconds: cpu, bytesSent: sent)
        let didChange = budget.measure(cost, against: limits, at: now) { resident }
        let isOther = budget.level != before
        #expect(didChange == isOther)
      }
      return budget.level
    }
  }
}

@Suite struct BudgetTests {
  @Test func threeWindowsOverShedOneLevel() {
    let cost = Cost()
    #expect(cost.spend(0.019, windows: 10) == Array(repeating: 0, count: 10))
    #expect(cost.spend(0.03, windows: 7) == [0, 0, 1, 1, 1, 2, 2])
    // One window within it begins the count anew.
    #expect(cost.spend(0.019, windows: 1) == [2])
    #expect(cost.spend(0.03, windows: 3) == [2, 2, 3])
  }

  @Test func belowHalfItIsTakenUpAgainLevelByLevel() {
    let cost = Cost()
    _ = cost.spend(0.03, windows: 6)
    // Within the budget, but not well below: nothing changes either way.
    #expect(cost.spend(0.015, windows: 10) == Array(repeating: 2, count: 10))
    #expect(cost.spend(0.009, windows: 7) == [2, 2, 1, 1, 1, 0, 0])
  }

  @Test func thereIsALastLevel() {
    let cost = Cost()
    #expect(cost.spend(0.5, windows: 60).last == Shedding.maximumLevel)
  }

  @Test func bytesCountAsCPUDoes() {
    let cost = Cost()
    #expect(cost.spend(0.001, bytes: 1100, windows: 6) == [0, 0, 1, 1, 1, 2])
    #expect(cost.budget.bytesPerSecond == 1100)
    // Below half of one of the two is not enough.
    #expect(cost.spend(0.001, bytes: 600, windows: 6).last == 2)
    #expect(cost.spend(0.001, bytes: 400, windows: 6).last == 0)
  }

  @Test func whatIsShedExists() {
    let names = Set(SourceCatalogue.all.map(\.name))
    for name in Shedding.walkingSources + Shedding.dearSources { #expect(names.contains(name), "\(name)") }
  }

  @Test func memoryCostsTheRecorderAndNoMore() {
    let cost = Cost()
    #expect(cost.spend(0.001, resident: 40 << 20, windows: 8).last == 1)
    #expect(cost.spend(0.001, resident: 20 << 20, windows: 8).last == 1)
    #expect(cost.spend(0.001, resident: 10 << 20, windows: 3).last == 0)
    #expect(cost.spend(0.001, resident: nil, windows: 8).last == 0)
  }

  @Test func whatIsShedAtEachLevel() {
    var settings = EffectiveSettings(CollectorSettings())
    settings.sampling.sources["filesystem"] = SourceSettings(interval: .seconds(30))
    #expect(Shedding().settings(settings) == settings)
    let first = Shedding(level: 1).settings(settings)
    #expect(!first.recorder && first.sampling == settings.sampling)
    let fourth = Shedding(level: 4).settings(settings)
    #expect(fourth.sampling.sources["filesystem"]?.interval == .seconds(60))
    #expect(fourth.sampling.sources["vmstat"]?.interval == .seconds(10))
    #expect(fourth.sampling.sources["stat"] == nil)
    for name in Shedding.walkingSources {
      #expect(Shedding(level: 2).settings(settings).sampling.sources[name]?.isEnabled == false)
    }
    // A source that is off stays off.
    settings.sampling.sources["netdev"] = SourceSettings(isEnabled: false)
    #expect(Shedding(level: 4).settings(settings).sampling.sources["netdev"]?.isEnabled == false)
    let intervals = (2...8).map { Shedding(level: $0).interval(.seconds(5)) }
    #expect(
      intervals == [
        .seconds(5), .seconds(5), .seconds(5), .seconds(10), .seconds(20), .seconds(40), .seconds(60),
      ])
    #expect(Shedding(level: Shedding.maximumLevel).interval(.milliseconds(100)) == .seconds(60))
  }
}
