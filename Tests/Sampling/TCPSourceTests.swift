import ProcFS
import Testing
import Wire

@testable import Sampling

@Suite struct TCPSourceTests {
  @Test func anotherRootIsAnotherMachine() {
    let tree = TestTree(["proc/net/sockstat": "TCP: inuse 1 tw 1\n"])
    let sampler = Sampler(root: tree.root, calls: SamplingFixture.calls) { 0 }
    var table = SampleTable()
    sampler.sample(into: &table)
    #expect(sampler.statuses.first { $0.name == "tcp" }?.availability.word == "unsupported")
    #expect(table.shown.of("node_tcp_").isEmpty)
  }

  @Test func theRunningKernelHasSockets() {
    var source = TCPSource(root: ProcRoot()) { 0 }
    var table = SampleTable()
    var buffer = ReadBuffer()
    do {
      try source.sample(into: &table, reading: &buffer, at: 0)
    } catch {
      // Where netlink is refused, or INET_DIAG is missing, nothing is shown.
      #expect(table.shown.isEmpty)
      return
    }
    let states = table.shown.of("node_tcp_connection_states")
    // Without the queues if there are many connections.
    #expect(states.count == 11 || states.count == 13)
    #expect(table.shown.of("node_tcp_listen_queue").count == 4)
  }
}

@Suite struct WorkPaceTests {
  @Test func itRestsAsLongAsItTook() {
    var pace = WorkPace()
    #expect(!pace.isResting(at: 0))
    pace.note(from: 1000, to: 1010)
    #expect(!pace.isResting(at: 1010))
    pace.note(from: 2000, to: 2010)
    pace.finish(at: 2010)
    #expect(pace.isResting(at: 2010 + 20 * 499 - 1))
    #expect(!pace.isResting(at: 2010 + 20 * 499))
    pace.note(from: 20_000, to: 20_001)
    pace.finish(at: 20_001)
    #expect(!pace.isResting(at: 20_500))
  }

  @Test(arguments: [1_000_000_000, Int64.max / 2]) func butNotForEver(_ work: Int64) {
    var pace = WorkPace()
    pace.note(from: 0, to: work)
    pace.finish(at: 100)
    #expect(pace.isResting(at: 100 + WorkPace.maximumRestNanoseconds - 1))
    #expect(!pace.isResting(at: 100 + WorkPace.maximumRestNanoseconds))
  }

  @Test func aClockThatStandsCostsNothing() {
    var pace = WorkPace()
    pace.note(from: 10, to: 5)
    pace.finish(at: 5)
    #expect(!pace.isResting(at: 5))
  }
}
