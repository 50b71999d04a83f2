import Testing
import Wire

@testable import Collector

@Suite struct ProcessNewsTests {
  private func list(_ processes: (pid: UInt32, name: String)...) -> ProcessList {
    ProcessList(
      processes: processes.map {
        ProcessInfo(
          pid: $0.pid, name: $0.name, commandLine: "/usr/bin/\($0.name)", startedMicroseconds: 5_000_000)
      })
  }

  private func lines(_ news: inout ProcessNews, _ list: ProcessList, connection: UInt64 = 1) -> [String] {
    news.saying(list, onConnection: connection).processes.map(\.commandLine)
  }

  @Test func aCommandLineIsSaidOnce() {
    var news = ProcessNews()
    #expect(lines(&news, list((1, "a"), (2, "b"))) == ["/usr/bin/a", "/usr/bin/b"])
    #expect(lines(&news, list((2, "b"), (3, "c"), (1, "a"))) == ["", "/usr/bin/c", ""])
    // Another program, and another process of that id.
    #expect(lines(&news, list((1, "make"))) == ["/usr/bin/make"])
    var restarted = list((1, "make"))
    restarted.processes[0].startedMicroseconds += 2_000_000
    #expect(lines(&news, restarted) == ["/usr/bin/make"])
    // A clock that is steered moves a start a little.
    restarted.processes[0].startedMicroseconds -= 1_999_999
    #expect(lines(&news, restarted) == [""])
  }

  @Test func whoWasNotInTheLastListIsSaidAgain() {
    var news = ProcessNews()
    _ = lines(&news, list((1, "a")))
    _ = lines(&news, list())
    #expect(lines(&news, list((1, "a"))) == ["/usr/bin/a"])
  }

  @Test func itIsSaidAgainNowAndThenAndOnEachConnection() {
    var news = ProcessNews()
    let said = (0..<100).map { _ in lines(&news, list((1, "a"))) == ["/usr/bin/a"] }
    #expect(said.indices.filter { said[$0] } == [0, 20, 40, 60, 80])
    #expect(lines(&news, list((1, "a")), connection: 2) == ["/usr/bin/a"])
    #expect(lines(&news, list((1, "a")), connection: 2) == [""])
  }

  @Test func aLongOneIsCut() {
    var news = ProcessNews()
    var long = list((1, "a"))
    long.processes[0].commandLine = String(repeating: "ä", count: 100)
    #expect(lines(&news, long) == [String(repeating: "ä", count: 64)])
  }
}
