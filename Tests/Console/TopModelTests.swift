import Testing
import Wire

@testable import Console

@Suite struct TopModelTests {
  @Test func theOrderIsByTheColumnChosen() {
    var model = TopModel.of([
      host("a", cpu: 0.1, load: 9), host("b", cpu: 0.9, load: 1), host("c", cpu: .nan, load: 5),
    ])
    #expect(model.names == ["b", "a", "c"])
    _ = model.press(.character("l"), page: 10)
    #expect(model.names == ["a", "c", "b"])
    _ = model.press(.character("r"), page: 10)
    #expect(model.names == ["b", "c", "a"])
    // The key of the current column reverses too.
    _ = model.press(.character("l"), page: 10)
    #expect(model.names == ["a", "c", "b"])
  }

  @Test func equalsAreOrderedByName() {
    let model = TopModel.of([host("b"), host("c"), host("a")])
    #expect(model.names == ["a", "b", "c"])
  }

  @Test func theFilterNarrowsAsItIsTyped() {
    var model = TopModel.of([host("web1"), host("web2"), host("db1", labels: [Label("role", "store")])])
    for key in "/store" { _ = model.press(.character(key), page: 10) }
    #expect(model.isEditingFilter)
    #expect(model.names == ["db1"])
    #expect(model.selectedID == "id-db1")
    // While it is typed, letters are letters.
    _ = model.press(.character("q"), page: 10)
    #expect(model.names == [])
    _ = model.press(.backspace, page: 10)
    _ = model.press(.enter, page: 10)
    #expect(!model.isEditingFilter && model.names == ["db1"])
    _ = model.press(.escape, page: 10)
    #expect(model.names.count == 3)
  }

  @Test func theCursorStopsAtBothEnds() {
    var model = TopModel.of((0..<30).map { host("h\($0 + 10)") })
    #expect(model.selectedID == "id-h10")
    for (key, selected) in [
      (Key.up, "h10"), (.down, "h11"), (.pageDown, "h21"), (.end, "h39"), (.down, "h39"), (.pageUp, "h29"),
      (.home, "h10"),
    ] {
      _ = model.press(key, page: 10)
      #expect(model.selectedID == "id-\(selected)")
    }
  }

  @Test func theCursorIsOnTheFirstRowUntilItIsMoved() {
    var model = TopModel.of([host("a", cpu: 0.5), host("b", cpu: 0.1)])
    model.apply(HostsUpdate(initial: false, hosts: [host("b", cpu: 0.9)], serverTimeMicroseconds: 1), now: 1)
    #expect(model.selectedID == "id-b")
    _ = model.press(.down, page: 10)
    model.apply(HostsUpdate(initial: false, hosts: [host("a", cpu: 1)], serverTimeMicroseconds: 1), now: 1)
    #expect(model.selectedID == "id-a")
    model.apply(HostsUpdate(initial: false, hosts: [host("b", cpu: 1)], serverTimeMicroseconds: 1), now: 1)
    #expect(model.selectedID == "id-a")
  }

  @Test func enterOpensTheHostAndEscapeClosesIt() {
    var model = TopModel.of([host("a")])
    #expect(model.press(.enter, page: 10) == .openHost(id: "id-a"))
    #expect(model.screen == .host(id: "id-a"))
    #expect(model.press(.character("?"), page: 10) == nil)
    #expect(model.screen == .help)
    #expect(model.press(.character("x"), page: 10) == nil)
    #expect(model.screen == .host(id: "id-a"))
    #expect(model.press(.escape, page: 10) == .closeHost)
    #expect(model.screen == .fleet)
    #expect(model.press(.interrupt, page: 10) == .quit)
  }

  @Test func anEmptyFleetCannotBeOpened() {
    var model = TopModel()
    #expect(model.press(.enter, page: 10) == nil)
    #expect(model.press(.down, page: 10) == nil)
  }

  @Test func whoIsExpectedIsShownUntilHeComes() {
    var model = TopModel.of([expected("x"), expected("y"), host("a")])
    #expect(model.hostCount == 3 && model.count(.expected) == 2)
    for _ in 0..<3 { _ = model.press(.down, page: 10) }
    #expect(model.selectedID == "expected:y")
    #expect(model.press(.enter, page: 10) == nil)
    #expect(model.screen == .fleet, "there is nothing to open")
    model.apply(HostsUpdate(initial: false, hosts: [host("x")], serverTimeMicroseconds: 1), now: 1)
    #expect(model.names.sorted() == ["a", "x", "y"] && model.count(.expected) == 1)
    // A row without an id that is not expected says that nobody waits for it any more.
    let over = HostInfo(instance: "y")
    model.apply(HostsUpdate(initial: false, hosts: [over], serverTimeMicroseconds: 1), now: 1)
    #expect(model.names.sorted() == ["a", "x"] && model.selectedID == model.visibleHosts.first?.hostID)
  }

  @Test func anOpenHostRemembersHowOftenItSampled() {
    var slow = host("a")
    slow.intervalMilliseconds = 10_000
    var model = TopModel.of([slow])
    _ = model.press(.enter, page: 10)
    #expect(model.detail?.intervalBefore == 10_000)
    model.restartDetail("id-a")
    #expect(model.detail?.intervalBefore == 10_000)
  }

  @Test func aNewStreamForgetsWhoLeft() {
    var model = TopModel.of([host("a"), host("b")])
    model.disconnect("gone")
    #expect(model.connection == .lost("gone") && model.hostCount == 2)
    model.apply(HostsUpdate(initial: true, hosts: [host("b")], serverTimeMicroseconds: 5), now: 3)
    #expect(model.names == ["b"] && model.clockOffset == 2)
  }
}

@Suite struct HostDetailTests {
  @Test func countersAreShownAsRates() {
    var detail = HostDetail(hostID: "id", instance: "h")
    detail.apply(
      TailUpdate(
        hostID: "id", instance: "h",
        newSeries: [
          series("node_forks_total"), series("node_cpu_seconds_total", "mode", "user"),
          series("node_cpu_seconds_total", "mode", "user"),
        ],
        frames: [
          TailFrame(timeMicroseconds: 1_000_000, series: [0, 1, 2], values: [10, 1, 2]),
          TailFrame(timeMicroseconds: 3_000_000, series: [0, 1, 2], values: [30, 2, 4]),
        ]))
    #expect(detail.rate("node_forks_total") == 10)
    #expect(detail.rates("node_cpu_seconds_total", by: "mode") == ["user": 1.5])
    #expect(detail.rate("no_such_thing").isNaN)
  }

  @Test func whatIsNotInAFrameIsNotThere() {
    var detail = HostDetail(hostID: "id", instance: "h")
    detail.apply(
      TailUpdate(
        hostID: "id", instance: "h", newSeries: [series("a"), series("b")],
        frames: [
          TailFrame(timeMicroseconds: 1, series: [0, 1], values: [1, 2]),
          TailFrame(timeMicroseconds: 2, series: [1, 7], values: [3, 9]),
        ]))
    #expect(detail.value("a").isNaN && detail.value("b") == 3)
  }

  private func series(_ name: String, _ label: String? = nil, _ value: String = "") -> TailSeries {
    TailSeries(name: name, labels: label.map { [Label($0, value)] } ?? [], kind: .counter, unit: "")
  }
}

func host(_ name: String, cpu: Double = 0, load: Double = 0, labels: [Label] = []) -> HostInfo {
  var host = HostInfo()
  host.hostID = "id-\(name)"
  host.instance = name
  host.labels = labels
  host.state = .online
  host.intervalMilliseconds = 1000
  host.lastFrameMicroseconds = 1_000_000
  var vitals = Vitals()
  vitals.cpuBusyRatio = cpu
  vitals.load1 = load
  vitals.cpus = 2
  vitals.cpuHistory = [0, Float(cpu.isFinite ? cpu : 0)]
  host.vitals = vitals
  return host
}

func expected(_ name: String) -> HostInfo {
  var host = HostInfo(hostID: "", instance: name)
  host.state = .expected
  return host
}

extension TopModel {
  static func of(_ hosts: [HostInfo]) -> TopModel {
    var model = TopModel()
    model.apply(HostsUpdate(initial: true, hosts: hosts, serverTimeMicroseconds: 1), now: 1)
    return model
  }

  var names: [String] { visibleHosts.map(\.instance) }
}
