import Testing
import Wire

@testable import Console

@Suite struct ProcessesTests {
  private func host(_ name: String, top: UInt32, _ processes: ProcessInfo...) -> HostProcesses {
    HostProcesses(instance: name, processes: ProcessList(processes: processes, top: top))
  }

  private func pids(_ hosts: [HostProcesses], _ use: ProcessUse) -> [UInt32] {
    hosts.ranked(by: use, \.processes).map(\.row.pid)
  }

  @Test func theFleetIsRankedAsOne() {
    let hosts = [
      host("a", top: 2, ProcessInfo(pid: 1, cpuRatio: 0.5), ProcessInfo(pid: 2, cpuRatio: 0.1)),
      host("b", top: 2, ProcessInfo(pid: 3, cpuRatio: 0.3, residentBytes: 9)),
    ]
    #expect(pids(hosts, .cpu) == [1, 3, 2])
    #expect(pids(hosts, .memory) == [3])
    #expect(hosts.ranked(by: .cpu, \.processes).map(\.host.instance) == ["a", "b", "a"])
  }

  @Test func whatAListCannotKnowIsLeftOut() {
    // Of one each: who is first by memory is in the list for that, and need not be second by CPU.
    let hosts = [
      host(
        "a", top: 1, ProcessInfo(pid: 1, cpuRatio: 0.5, residentBytes: 1),
        ProcessInfo(pid: 2, cpuRatio: 0.1, residentBytes: 5))
    ]
    #expect(pids(hosts, .cpu) == [1])
    #expect(pids(hosts, .memory) == [2])
  }

  @Test func whatIsNotKnownIsNoMost() {
    let unknown = ProcessInfo(pid: 1, readBytesPerSecond: .nan, writtenBytesPerSecond: .nan)
    let half = ProcessInfo(pid: 2, readBytesPerSecond: .nan, writtenBytesPerSecond: 5)
    #expect(pids([host("a", top: 5, unknown, half)], .io) == [2])
  }

  @Test func aRowHasACellForEachColumn() {
    for hasHosts in [false, true] {
      for hasUnits in [false, true] {
        let table = ProcessesTable(now: 10_000_000, hasHosts: hasHosts, hasUnits: hasUnits)
        let process = ProcessInfo(pid: 7, name: "kworker", startedMicroseconds: 4_000_000, unit: "a.service")
        let cells = table.cells(process, of: "web1")
        #expect(cells.count == table.columns.count)
        #expect(cells.last == "[kworker]" && cells.contains("6.0s"))
        #expect(cells.contains("web1") == hasHosts && cells.contains("a.service") == hasUnits)
      }
      let groups = ProcessGroupsTable(hasHosts: hasHosts, grouping: .unit)
      #expect(groups.cells(ProcessGroup(name: "x")).count == groups.columns.count)
      #expect(groups.columns.contains { $0.title == "UNIT" })
    }
  }
}
