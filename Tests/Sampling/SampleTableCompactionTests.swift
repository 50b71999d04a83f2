import ProcFS
import Testing
import Wire

@testable import Sampling

@Suite struct SampleTableCompactionTests {
  private let clock = TestClock()

  private func gauge(_ name: String) -> SeriesDescriptor { SeriesDescriptor(name, kind: .gauge) }

  @Test func whatIsThereStaysAsItIsAndInItsOrder() throws {
    var table = SampleTable()
    table.registrant = 1
    for number in 0..<3000 {
      let id = table.register(gauge("g\(number)"))
      if number % 3 == 0 { table.set(try #require(id), Int64(number)) }
    }
    let before = table.shown
    #expect(table.goneCount == 2000)
    let forgotten = table.compact()
    #expect(forgotten == 2000 && table.count == 1000 && table.goneCount == 0)
    #expect(table.shown == before)
    #expect(table.descriptors.map(\.name) == (0..<1000).map { "g\(3 * $0)" })
    // Whoever asks is told the new id; what went is new again.
    let known = table.register(gauge("g2997"))
    let fresh = table.register(gauge("g1"))
    #expect(known == 999 && fresh == 1000)
    #expect(table.shown == before)
  }

  @Test func whatWasRegisteredTogetherStaysTogether() throws {
    var table = SampleTable()
    table.registrant = 1
    let pair = [gauge("a"), gauge("b")]
    for device in ["x", "y", "z"] { _ = table.register(pair, labels: [Label("device", device)]) }
    table.set(3, 7)
    table.compact()
    #expect(table.count == 2 && table.shown == [#"b{device="y"}"#: 7])
    let again = table.register(pair, labels: [Label("device", "y")])
    let gone = table.register(pair, labels: [Label("device", "x")])
    #expect(again == 0 && gone == 2)
  }

  @Test func thoseOfTheOwnerAllStay() {
    var table = SampleTable()
    _ = table.register(gauge("own"))
    table.registrant = 1
    _ = table.register(gauge("other"))
    table.compact()
    #expect(table.descriptors.map(\.name) == ["own"])
  }

  @Test func aFullTableHasRoomAgain() {
    var table = SampleTable(maximumSeries: 4)
    table.registrant = 1
    for name in ["a", "b", "c", "d", "e"] {
      if let id = table.register(gauge(name)) { table.set(id, 1) }
    }
    table.begin()
    table.set(3, 5)
    table.compact()
    let fresh = table.register(gauge("e"))
    #expect(fresh == 1 && table.shown == ["d": 5] && table.refused == 1)
    #expect(table.values.count == 2 && table.present.count == 2)
  }

  /// Nothing of a machine is missing after a compaction, not even for one sample, whether or not its source is due.
  @Test(arguments: SamplingFixture.machines)
  func aMachineShowsTheSame(_ machine: String) {
    let sampler = Sampler(
      root: ProcRoot(path: SamplingFixture.path(machine)), calls: SamplingFixture.calls
    ) { [clock] in clock.now }
    var table = SampleTable()
    var wall: Int64 = 1_760_000_000_000_000
    sampler.sample(into: &table, atWall: wall)
    sampler.await(nanoseconds: 10_000_000_000)
    wall += 5_000_000
    sampler.sample(into: &table, atWall: wall)
    let before = table.shown
    let order = table.descriptors.indices.filter { table.present[$0] }.map { table.descriptors[$0] }

    for seconds in [0, 1, 5] as [Int64] {
      table.compact()
      sampler.forgetSeries()
      #expect(before.keys.filter { table.shown[$0] == nil } == [])
      clock.advance(seconds: Double(seconds))
      wall += seconds * 1_000_000
      sampler.sample(into: &table, atWall: wall)
      #expect(before.keys.filter { table.shown[$0] == nil } == [], "\(seconds) s later")
    }
    sampler.await(nanoseconds: 10_000_000_000)
    sampler.sample(into: &table, atWall: wall + 5_000_000)
    #expect(before.keys.filter { table.shown[$0] == nil } == [])
    #expect(Set(table.descriptors).count == table.count)
    // The old ones are where they were, the new ones behind them.
    let known = Set(order)
    #expect(table.descriptors.filter(known.contains) == order)
  }

  @Test func disksThatComeAndGoTakeNoRoom() {
    let tree = TestTree()
    let sampler = Sampler(root: tree.root, calls: SamplingFixture.calls) { [clock] in clock.now }
    var table = SampleTable(maximumSeries: 200)
    for generation in 0..<100 {
      tree.write(
        "proc/diskstats",
        "8 0 sda \(generation + 1) 0 0 0 0 0 0 0 0 0 0\n252 \(generation) dm-\(generation) 7 0 0 0 0 0 0 0 0 0 0\n"
      )
      sampler.sample(into: &table)
      #expect(table.shown[#"node_disk_reads_completed_total{device="sda"}"#] == Double(generation + 1))
      #expect(table.shown[#"node_disk_reads_completed_total{device="dm-\#(generation)"}"#] == 7)
      if table.count > 150 {
        table.compact()
        sampler.forgetSeries()
      }
    }
    #expect(table.refused == 0)
  }
}
