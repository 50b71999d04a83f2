import GRPC
import Testing
import Wire

@testable import Aggregator

@Suite struct FleetServiceTests {
  private let stage = Stage()

  private func collector(_ number: Int, env: String = "prod", series: [String] = ["a", "b"]) -> StageCollector
  {
    var producer = Producer(
      series.map { SeriesDescriptor($0, labels: [Label("x", "1")], kind: .gauge, unit: "bytes") })
    producer.hostID = String(repeating: "\(number)", count: 32)
    producer.instance = "host-\(number)"
    producer.labels = [Label("env", env)]
    return StageCollector(producer, on: stage.connect(), of: stage)
  }

  @Test func version() {
    var collector = collector(1)
    collector.send(on: stage)
    let heard = stage.connect().call(MusterService.getVersion, GetVersionRequest())
    stage.settle()
    #expect(
      heard.messages == [
        GetVersionResponse(startedMicroseconds: Moment.at(0).wallMicroseconds, hosts: 1, series: 2)
      ])
  }

  @Test func hostsAreListedByInstanceAndSelected() {
    for number in [3, 1, 2] { _ = collector(number, env: number == 2 ? "dev" : "prod") }
    let line = stage.connect()
    let all = line.call(MusterService.listHosts, ListHostsRequest())
    let some = line.call(MusterService.listHosts, ListHostsRequest(selector: "env=prod,instance!=host-1"))
    let bad = line.call(MusterService.listHosts, ListHostsRequest(selector: "env=="))
    stage.settle()
    #expect(all.messages.first?.hosts.map(\.instance) == ["host-1", "host-2", "host-3"])
    #expect(some.messages.first?.hosts.map(\.instance) == ["host-3"])
    #expect(bad.status?.code == .invalidArgument)
    #expect(bad.status?.message == "selector \"env==\", at \"=\" (character 5): one = is enough")
  }

  @Test func latestIsOneMessagePerHost() {
    var first = collector(1)
    var second = collector(2)
    first.producer.set("a", 5)
    first.producer.remove("b")
    first.send(on: stage)
    second.send(on: stage)
    _ = collector(3)  // has sent nothing yet
    let heard = stage.connect().call(MusterService.latest, LatestRequest())
    stage.settle()
    #expect(heard.status == .ok)
    #expect(heard.messages.map(\.instance) == ["host-1", "host-2"])
    #expect(
      heard.messages.first?.samples == [
        Sample(name: "a", labels: [Label("x", "1")], kind: .gauge, unit: "bytes", value: 5)
      ])
    #expect(heard.messages.first?.timeMicroseconds == first.producer.wallMicroseconds)
    let pattern = stage.connect().call(
      MusterService.latest, LatestRequest(selector: "instance=host-2", pattern: "b*"))
    stage.settle()
    #expect(pattern.messages.map { $0.samples.map(\.name) } == [["b"]])
  }

  @Test func processesAreThoseSaidLast() {
    var one = collector(1)
    _ = collector(2)
    var process = ProcessInfo(pid: 7, name: "p", commandLine: "p --all", startedMicroseconds: 1_000_000)
    one.producer.processes = ProcessList(timeMicroseconds: 1, processes: [process], total: 40)
    one.send(on: stage)
    // The command line was said; another process of that name has its own to say.
    process.commandLine = ""
    process.startedMicroseconds += 1
    let other = ProcessInfo(pid: 8, name: "p", startedMicroseconds: 1_000_000)
    one.producer.processes = ProcessList(timeMicroseconds: 2, processes: [other, process], total: 41)
    one.send(on: stage)
    one.send(on: stage)
    let heard = stage.connect().call(MusterService.listProcesses, ListProcessesRequest())
    let nobody = stage.connect().call(
      MusterService.listProcesses, ListProcessesRequest(selector: "instance=host-2"))
    let bad = stage.connect().call(MusterService.listProcesses, ListProcessesRequest(selector: "=x"))
    stage.settle()
    #expect(heard.status == .ok && nobody.status == .ok && nobody.messages.isEmpty)
    #expect(bad.status?.code == .invalidArgument)
    #expect(heard.messages.map(\.instance) == ["host-1"])
    let list = heard.messages.first?.processes
    #expect(list?.total == 41 && list?.timeMicroseconds == 2)
    #expect(list?.processes.map(\.commandLine) == ["", "p --all"])
  }

  @Test func alargeHostTakesSeveralMessages() {
    let names = (0..<15_000).map { "a_rather_long_metric_name_for_a_series_number_\($0)" }
    var collector = collector(1, series: names)
    collector.send(on: stage)
    let heard = stage.connect().call(MusterService.latest, LatestRequest())
    stage.settle()
    #expect(heard.status == .ok)
    #expect(heard.messages.count > 4)
    #expect(heard.largest < 300 << 10)
    #expect(heard.messages.flatMap { $0.samples.map(\.name) } == names)
  }

  @Test func aWatchListsThenTellsWhatChanged() {
    var one = collector(1)
    _ = collector(2, env: "dev")
    let watch = stage.connect().call(
      MusterService.watchHosts, WatchHostsRequest(selector: "env=prod", intervalMilliseconds: 500))
    stage.settle()
    #expect(watch.news().map { ($0.initial ? "+" : "") + $0.hosts.map(\.instance).joined() } == ["+host-1"])
    // Nothing moves, nothing is said.
    stage.advance(1)
    #expect(watch.news() == [])
    // Two frames within an interval are one update.
    one.send(on: stage)
    one.send(on: stage)
    #expect(watch.news() == [])
    stage.advance(0.5)
    let update = watch.news()
    #expect(update.map(\.initial) == [false])
    #expect(update.first?.hosts.map(\.frames) == [2])
    // A newcomer; one whose labels change; one who falls silent.
    _ = collector(3)
    stage.advance(0.5)
    #expect(watch.news().flatMap(\.hosts).map(\.instance) == ["host-3"])
    stage.advance(4)
    #expect(watch.news().flatMap(\.hosts).map(\.state) == [.stale, .stale])
    one.producer.restart()
    one.producer.labels = [Label("env", "dev")]
    one.line.cut(at: stage.clock.now)
    let moved = StageCollector(one.producer, on: stage.connect(), of: stage)
    stage.advance(0.5)
    #expect(watch.news().flatMap(\.hosts) == [HostInfo(hostID: moved.producer.hostID, instance: "host-1")])
  }

  @Test func aWatchOfNobodyBeginsAtOnce() {
    let watch = stage.connect().call(MusterService.watchHosts, WatchHostsRequest())
    stage.settle()
    #expect(watch.messages.map(\.initial) == [true])
    #expect(watch.messages.first?.hosts == [])
    let wrong = stage.connect().call(MusterService.watchHosts, WatchHostsRequest(intervalMilliseconds: 99))
    stage.settle()
    #expect(
      wrong.status == Status(.invalidArgument, "interval_ms 99: accepted are 100 to 60000, and 0 for 1000"))
    watch.call?.cancel()
    stage.settle()
    #expect(stage.fleet.counters.watches.value == 0)
    #expect(stage.fleet.bus.subscriberCount == 0)
  }

  @Test func aTailFollowsFrames() {
    var one = collector(1)
    var two = collector(2, env: "dev")
    one.send(on: stage)
    let tail = stage.connect().call(MusterService.tail, TailRequest(selector: "env=prod", pattern: "a*"))
    stage.settle()
    // What was before is not asked for; the series are described at once.
    #expect(tail.news().map(\.newSeries.count) == [1])
    one.producer.set("a", 7)
    one.send(on: stage)
    two.send(on: stage)
    let frame = TailFrame(timeMicroseconds: one.producer.wallMicroseconds, series: [0], values: [7])
    #expect(tail.news() == [TailUpdate(hostID: one.producer.hostID, instance: "host-1", frames: [frame])])
    // Unchanged values are shown too; a new series is described with its first frame; one that is gone is left out.
    one.producer.add("a2")
    one.send(on: stage)
    one.producer.remove("a")
    one.send(on: stage)
    let news = tail.news()
    #expect(news.map { $0.newSeries.map(\.name) } == [["a2"], []])
    #expect(news.flatMap(\.frames).map(\.series) == [[0, 1], [1]])
    // A host that joins is followed from its first frame.
    var three = collector(3)
    three.send(on: stage)
    #expect(tail.news().flatMap(\.frames).count == 1)
    tail.call?.cancel()
    stage.settle()
    #expect(stage.fleet.counters.tails.value == 0)
    #expect(stage.openCalls.count == 6)
  }

  @Test func aTailMayBeginInThePast() {
    var one = collector(1)
    for value in 1...100 as ClosedRange<Int64> {
      one.producer.set("a", value)
      one.send(on: stage)
    }
    let tail = stage.connect().call(
      MusterService.tail, TailRequest(pattern: "a", historyMilliseconds: 30_000))
    stage.settle()
    #expect(tail.news().flatMap(\.frames).map(\.values) == (70...100).map { [Double($0)] })
    let all = stage.connect().call(
      MusterService.tail, TailRequest(pattern: "a", historyMilliseconds: 3_600_000))
    stage.settle()
    #expect(all.news().flatMap(\.frames).count == 100)
    let wrong = stage.connect().call(MusterService.tail, TailRequest(historyMilliseconds: 3_600_001))
    stage.settle()
    #expect(wrong.status?.code == .invalidArgument)
  }

  @Test func aSlowReaderMissesFramesAndIsTold() {
    var one = collector(1, series: (0..<500).map { "series_\($0)" })
    let line = stage.connect()
    let tail = line.call(MusterService.tail, TailRequest())
    stage.settle()
    line.isClogged = true
    for _ in 1...1000 {
      one.send(on: stage)
      // Whatever the reader does, its call holds no more than one message above the high-water mark.
      #expect(line.server.openCallCount == 1)
    }
    line.isClogged = false
    stage.settle()
    let news = tail.news()
    let frames = news.flatMap(\.frames)
    let skipped = news.reduce(0) { $0 + $1.skippedFrames }
    #expect(skipped > 500)
    #expect(UInt64(frames.count) + skipped == 1000)
    #expect(frames.last?.timeMicroseconds == one.producer.wallMicroseconds)
    #expect(frames.map(\.timeMicroseconds) == frames.map(\.timeMicroseconds).sorted())
    #expect(stage.fleet.counters.tailFramesSkipped.value == skipped)
    // Back at full speed.
    one.send(on: stage)
    #expect(tail.news().flatMap(\.frames).count == 1)
  }
}
