import GRPC
import Glibc
import ProcFS
import Testing
import Wire

@testable import Collector
@testable import Sampling

@Suite struct CommandsProcessTests {
  /// Both passes of a job, with what happens in between; its list and last word.
  private func top(
    _ action: TopProcessesAction, of host: FakeProcesses, between: () -> Void = {}
  ) throws -> (list: ProcessList, reason: String) {
    let job = TopProcessesJob(try action.checked(), root: host.root)
    var now = Moment.at(10)
    var list: ProcessList?
    for _ in 0..<100_000 {
      switch job.step(at: now) {
      case .more: break
      case .wait(let until):
        between()
        #expect(until > now.instant)
        now = now.advanced(by: until - now.instant)
      case .output(.processes(let found)): list = found
      case .output: Issue.record("some other output")
      case .finished(let outcome, let reason):
        #expect(outcome == .ok)
        return (try #require(list), reason)
      }
    }
    throw InvalidCommand("no end")
  }

  @Test func ratesAreMeasuredOverTheWindow() throws {
    let host = FakeProcesses()
    host.add(1, name: "init", ticks: 500, start: 0, arguments: ["/sbin/init"], user: 0)
    host.add(20, name: "busy", ticks: 100, arguments: ["busy", "--password=x"], user: 1001)
    host.add(300, name: "writer", ticks: 7, pages: 1000, io: (1000, 2000), user: 4242)
    let (list, reason) = try top(TopProcessesAction(count: 3, windowMilliseconds: 2000), of: host) {
      host.add(20, name: "busy", ticks: 300, arguments: ["busy", "--password=x"], user: 1001)
      host.add(300, name: "writer", ticks: 7, pages: 1000, io: (3000, 12_000), user: 4242)
    }
    #expect(reason.isEmpty)
    #expect(list.total == 3 && list.examined == 3 && list.windowMilliseconds == 2000)
    #expect(list.processes.map(\.name) == ["busy", "writer", "init"])
    let busy = list.processes[0]
    #expect(busy.pid == 20 && busy.cpuRatio == 1 && busy.user == "web" && busy.state == "S")
    #expect(busy.commandLine == "busy --password=***")
    #expect(busy.readBytesPerSecond.isNaN)
    let writer = list.processes[1]
    #expect(writer.readBytesPerSecond == 1000 && writer.writtenBytesPerSecond == 5000)
    #expect(writer.user == "4242" && writer.commandLine.isEmpty)
    #expect(writer.residentBytes == 1000 * UInt64(getpagesize()))
    // Started a second after a boot that was 12 s before now.
    #expect(writer.startedMicroseconds == Moment.at(1).wallMicroseconds)
    #expect(list.timeMicroseconds == Moment.at(12).wallMicroseconds)
  }

  @Test(
    arguments: [
      (ProcessOrder.memory, [3, 1, 2]), (.threads, [2, 3, 1]), (.io, [1, 3, 2]), (.cpu, [3, 1, 2]),
    ] as [(ProcessOrder, [UInt32])])
  func orders(_ order: ProcessOrder, _ pids: [UInt32]) throws {
    let host = FakeProcesses()
    host.add(1, pages: 20, threads: 1, io: (0, 0))
    host.add(2, pages: 10, threads: 9)
    host.add(3, pages: 30, threads: 2, io: (0, 0))
    let (list, _) = try top(TopProcessesAction(count: 3, order: order), of: host) {
      host.add(1, pages: 20, threads: 1, io: (500, 0))
    }
    #expect(list.processes.map(\.pid) == pids)
  }

  @Test func processesComeGoAndTakeOverIDs() throws {
    let host = FakeProcesses()
    for pid in 1...5 { host.add(pid, ticks: 1000, start: 10, arguments: ["old"]) }
    let (list, _) = try top(TopProcessesAction(count: 10), of: host) {
      host.remove(2)
      // Another process of the same id: all its 50 ticks were within the window.
      host.remove(3)
      host.add(3, name: "new", ticks: 50, start: 99)
      host.add(6, name: "later", ticks: 20, start: 99)
    }
    #expect(list.processes.map(\.pid) == [3, 6, 1, 4, 5])
    #expect(list.processes.map(\.cpuRatio) == [0.5, 0.2, 0, 0, 0])
    #expect(list.total == 5)
  }

  /// Listed, but gone or unreadable when it is to be read; and gone when its command line is.
  @Test func processesThatVanishAreLeftOut() throws {
    let host = FakeProcesses()
    for pid in 1...100 { host.add(pid, arguments: ["x"]) }
    host.folder("/proc/101")
    host.folder("/proc/102")
    host.write("/proc/102/stat", "102 (broken")
    let pass = ProcessPass(ProcessPass.Request(), files: ProcessFiles(root: host.root))
    #expect(!pass.step(at: .at(0)))
    for pid in 50...100 { host.remove(pid) }
    while !pass.step(at: .at(0)) {}
    #expect(pass.total == 102)
    #expect(pass.examined == 49)

    let second = ProcessPass(ProcessPass.Request(), files: ProcessFiles(root: host.root), after: pass)
    while !second.step(at: .at(1)) {}
    host.remove(1)
    let details = ProcessDetails(
      of: second, files: ProcessFiles(root: host.root), root: host.root, maximumCommandLine: 100)
    var list: ProcessList?
    while list == nil { list = details.step(at: .at(1)) }
    #expect(list?.processes.map(\.commandLine) == [""] + Array(repeating: "x", count: 9))
  }

  @Test func twentyThousandProcessesInBoundedSteps() async throws {
    let host = FakeProcesses()
    for pid in 1...20_000 {
      host.add(pid, ticks: pid % 977, pages: pid)
      if pid % 1000 == 0 { await Task.yield() }
    }
    let files = ProcessFiles(root: host.root)
    let first = ProcessPass(ProcessPass.Request(), files: files)
    var steps = 0
    var most = 0
    while true {
      let before = first.examined
      let isDone = first.step(at: .at(0))
      most = max(most, first.examined - before)
      steps += 1
      if steps % 50 == 0 { await Task.yield() }
      if isDone { break }
    }
    #expect(first.total == 20_000 && first.examined == 20_000)
    #expect(most == ProcessPass.slice)
    #expect(steps >= 20_000 / ProcessPass.slice)
    // Flat: 16 bytes a process, as this order needs no I/O.
    #expect(first.marks.byteCount <= 20_000 * 16 * 5 / 4)
    host.add(777, ticks: 777 + 80, pages: 777)
    let second = ProcessPass(ProcessPass.Request(), files: files, after: first)
    while !second.step(at: .at(1)) {}
    #expect(second.ranked.first?.pid == 777)
    #expect(second.ranked.first?.cpuRatio == 0.8)
    // Of those that did nothing, the largest.
    #expect(second.ranked.dropFirst().map(\.pid) == (0..<9).map { 20_000 - $0 })
  }

  @Test func moreThanTheLimitAreCountedOnly() {
    let host = FakeProcesses()
    for pid in 1...50 { host.add(pid) }
    var request = ProcessPass.Request()
    request.maximumProcesses = 30
    let pass = ProcessPass(request, files: ProcessFiles(root: host.root))
    while !pass.step(at: .at(0)) {}
    #expect(pass.total == 50 && pass.examined == 30 && pass.marks.count == 30)
  }

  @Test func withoutProcItFails() {
    let job = TopProcessesJob(
      TopProcessesAction(count: 1, windowMilliseconds: 100), root: ProcRoot(path: "/nowhere"))
    guard case .finished(.failed, let reason) = job.step(at: .at(0)) else {
      Issue.record("it did not fail")
      return
    }
    #expect(reason.hasPrefix("the processes cannot be read: /nowhere/proc"))
  }

  @Test func userNames() {
    let text = Array("a:x:1:\n:x:2:\nb::3\nc:x:3:y\nd:x:1:z\ne:x:-1:\ne:x:99999999999:\n".utf8)
    let names = text.withUnsafeBytes { UserNames(of: [1, 2, 3, 4], in: $0) }
    #expect([1, 2, 3, 4].map { names[$0] } == ["a", "2", "c", "4"])
  }

  /// Against sorting everything.
  @Test(arguments: 0..<20 as Range<UInt64>)
  func rankingIsSorting(seed: UInt64) {
    var random = Seeded(seed)
    let count = Int.random(in: 1...20, using: &random)
    var ranking = ProcessRanking(count: count)
    var scores: [Double] = []
    for pid in 0..<UInt32.random(in: 0...200, using: &random) {
      let score = Double(Int.random(in: 0...50, using: &random))
      scores.append(score)
      let process = RankedProcess(
        pid: pid, name: "", state: 0, startTicks: 0, threads: 0, residentPages: 0, cpuRatio: score)
      if ranking.accepts(score) { ranking.insert(process, score) }
    }
    // Of equals, the earlier one.
    let sorted = scores.indices.sorted { (-scores[$0], $0) < (-scores[$1], $1) }
    #expect(ranking.processes.map { Int($0.pid) } == Array(sorted.prefix(count)))
  }
}
