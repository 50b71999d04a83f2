import Testing
import Wire

@testable import Console

@Suite struct TopViewTests {
  @Test(arguments: [20, 40, 60, 80, 100, 132, 250], [1, 3, 5, 24, 60])
  func everyLineFitsEveryTerminal(columns: Int, rows: Int) {
    for screen in 0..<4 {
      var model = TopModel.of((0..<50).map { host("host-with-a-long-name-\($0)", cpu: 0.5) })
      if screen == 1 { _ = model.press(.character("?"), page: 5) }
      if screen == 2 { _ = model.press(.enter, page: 5) }
      if screen == 3 {
        model.disconnect("connection refused by something with a long explanation behind it, and more")
      }
      let lines = view(columns: columns, rows: rows).draw(&model)
      #expect(lines.count <= rows)
      // The help and a host's page may be wider, and are cut by the terminal. The fleet's table never is.
      if screen == 0 { #expect(lines.dropFirst(2).allSatisfy { $0.displayWidth <= max(columns, 20) }) }
    }
  }

  @Test func aFleetAsTheOperatorSeesIt() {
    var model = TopModel.of([host("web1", cpu: 0.25, load: 0.5), host("db1", cpu: 0.93, load: 4.2)])
    let lines = view(columns: 80, rows: 8).draw(&model)
    #expect(lines[0] == "muster  127.0.0.1:7600  2 hosts  2 online")
    #expect(lines[2].hasPrefix(" HOST") && lines[2].contains("CPU↓"))
    #expect(lines[3].hasPrefix(">db1") && lines[3].contains("93.0%") && lines[3].contains("4.20"))
    #expect(lines[4].hasPrefix(" web1") && lines[4].contains("25.0%"))
  }

  @Test func everyStateIsCountedAndDrawn() {
    var retired = host("old")
    retired.state = .retired
    var model = TopModel.of([host("web1"), expected("web9"), retired])
    let lines = view(columns: 80, rows: 8).draw(&model)
    #expect(lines[0] == "muster  127.0.0.1:7600  3 hosts  1 online  1 expected  1 retired")
    #expect(lines.contains { $0.contains("web9") && $0.contains("expected") && $0.contains("never") })
  }

  @Test func anOpenHostSaysThatItIsRaised() {
    var slow = host("web1")
    slow.intervalMilliseconds = 10_000
    slow.configVersion = 12
    slow.configState = .verified
    var model = TopModel.of([slow])
    _ = model.press(.enter, page: 5)
    let before = view(columns: 200, rows: 20).draw(&model)
    #expect(before.contains { $0.contains("every 10s, config v12 verified") })
    slow.intervalMilliseconds = 1_000
    model.apply(HostsUpdate(initial: false, hosts: [slow], serverTimeMicroseconds: 1), now: 1)
    let lines = view(columns: 200, rows: 20).draw(&model)
    #expect(lines.contains { $0.contains("every 1s, raised from 10s while it is open") })
  }

  @Test func anOpenHostShowsWhatUsesMost() {
    var model = TopModel.of([host("web1")])
    _ = model.press(.enter, page: 5)
    let process = ProcessInfo(pid: 4711, name: "sh", commandLine: "sh -c 'make all'", cpuRatio: 0.5)
    let list = ProcessList(processes: [process], total: 90, top: 5)
    model.apply(HostProcesses(hostID: "another", instance: "db1", processes: list))
    model.apply(
      TailUpdate(
        hostID: "id-web1", instance: "web1", frames: [TailFrame(timeMicroseconds: 1, series: [], values: [])])
    )
    #expect(!view(columns: 100, rows: 60).draw(&model).contains { $0.contains("4711") })
    model.apply(HostProcesses(hostID: "id-web1", instance: "web1", processes: list))
    let lines = view(columns: 100, rows: 60).draw(&model)
    #expect(lines.contains { $0.contains("4711") && $0.contains("50.0%") && $0.contains("make all") })
    #expect(lines.contains { $0.contains("of 90 processes") })
  }

  @Test func anEmptyFleetSaysWhatToDo() {
    var model = TopModel.of([])
    let lines = view(columns: 80, rows: 8).draw(&model)
    #expect(lines.contains { $0.contains("start muster-collector") })
  }

  @Test func theCursorIsAlwaysOnTheScreen() {
    var model = TopModel.of((0..<100).map { host("h\($0 + 100)") })
    for _ in 0..<57 { _ = model.press(.down, page: 10) }
    let lines = view(columns: 80, rows: 14).draw(&model)
    #expect(lines.contains { $0.hasPrefix(">h157") })
  }

  @Test func columnsGoByWhatTheyAreWorth() {
    #expect(FleetColumn.fitting(200).count == FleetColumn.all.count)
    let narrow = FleetColumn.fitting(40).map(\.title)
    #expect(narrow == ["CPU", "MEM", "AGE"])
    #expect(FleetColumn.fitting(5).isEmpty)
  }

  private func view(columns: Int, rows: Int) -> TopView {
    TopView(
      size: .init(columns: columns, rows: rows), style: Style(isEnabled: false), unicode: true,
      now: 2_000_000,
      aggregator: "127.0.0.1:7600")
  }
}
