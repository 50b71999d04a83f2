import Testing

@testable import ProcFS

@Suite struct StatTests {
  @Test func readsARealOne() throws {
    let text = """
      cpu  42292 0 7777 100374 443 0 37 414 0 0
      cpu0 20186 1 3699 51522 30 2 8 226 3 4
      cpu3 22106 0 4077 48852 412 0 29 188 0 0
      intr 261807 0 0 0 1 1 14
      ctxt 334697
      btime 1795215988
      processes 10596
      procs_running 2
      procs_blocked 1
      softirq 184010 0 28986

      """
    let stat = try text.parsed(Stat()) { try $0.parse($1) }
    #expect(stat.cpus.map(\.number) == [0, 3])
    #expect(
      stat.cpus[0].ticks.indices.map { stat.cpus[0].ticks[$0] } == [
        20186, 1, 3699, 51522, 30, 2, 8, 226, 3, 4,
      ])
    #expect(stat.cpus[1].ticks[Stat.Mode.idle.rawValue] == 48852)
    #expect(stat.interrupts == 261_807)
    #expect(stat.contextSwitches == 334_697)
    #expect(stat.bootTime == 1_795_215_988)
    #expect(stat.forks == 10596)
    #expect(stat.running == 2)
    #expect(stat.blocked == 1)
  }

  @Test func whatTheKernelDoesNotSayIsNil() throws {
    let stat = try "cpu0 1 2 3 4\nfuture 9".parsed(Stat()) { try $0.parse($1) }
    #expect(stat.cpus[0].count == 4)
    #expect(stat.contextSwitches == nil)
    #expect(stat.bootTime == nil)
  }

  @Test(arguments: [
    ("", 1, "no line of a CPU"),
    ("cpu  1 2 3 4\n", 2, "no line of a CPU"),
    ("cpu0 1 2 3\n", 1, "3 times of a CPU, expected 4 to 10"),
    ("cpu  1\ncpu0 1 2 x 4\n", 2, "a number is expected"),
    ("cpu8192 1 2 3 4\n", 1, "more than 8192 CPUs"),
    ("cpu99999999999999999999 1 2 3 4\n", 1, "more than 8192 CPUs"),
    ("cpu0 1 2 3 4\nctxt \n", 2, "a number is expected"),
    ("cpu0 1 2 3 4\nctxt -4\n", 2, "a number is expected"),
  ])
  func saysWhatIsWrong(_ text: String, _ line: Int, _ reason: String) {
    #expect(throws: KernelError.malformed(file: "proc/stat", line: line, reason: reason)) {
      try text.parsed(Stat()) { try $0.parse($1) }
    }
  }
}
