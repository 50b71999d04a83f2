import Glibc
import ProcFS
import Testing
import Wire

@testable import Sampling

/// A system bus with a systemd on it, at the other end of a socket, that does nothing by itself.
private final class BusBench {
  let tree = TestTree()
  let clock = TestClock()
  private(set) var source: SystemdSource
  var table = SampleTable()
  private var buffer = ReadBuffer()
  private(set) var failure: KernelError?
  private var listener: Int32 = -1
  private(set) var peer: Int32 = -1
  private var firstSerial = 2

  init() {
    source = SystemdSource(root: tree.root, units: FilterSettings().systemdUnits) { [clock] in clock.now }
  }

  /// One that was asked, and has let the source in.
  static func connected() -> BusBench {
    let bench = BusBench()
    bench.listen()
    _ = bench.pass()
    bench.accept()
    return bench
  }

  deinit {
    hangUp()
    if listener >= 0 { close(listener) }
    tree.remove("run/dbus/system_bus_socket")
  }

  func listen() {
    tree.folder("run/dbus")
    listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) {
      $0.copyBytes(from: (tree.path + "/run/dbus/system_bus_socket").utf8)
    }
    _ = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    Glibc.listen(listener, 4)
  }

  func pass(after seconds: Double = 0) -> [String: Double] {
    clock.advance(seconds: seconds)
    table.begin()
    failure = nil
    do { try source.sample(into: &table, reading: &buffer, at: clock.now) } catch { failure = error }
    return table.shown
  }

  /// Takes the connection there is, lets it in, and answers its Hello.
  func accept() {
    peer = Glibc.accept(listener, nil, nil)
    firstSerial = 2
    send(Array("DATA\r\nOK 0123\r\n".utf8) + reply(to: 1, "s", text(":1.5")))
  }

  func hangUp() {
    if peer >= 0 { close(peer) }
    peer = -1
  }

  /// Answers the question under way: of services, by the order in which they are listed first, the types.
  func answer(_ units: [(String, String)], state: String = "running", types: [String] = []) {
    var bytes = reply(to: firstSerial, "a(ssssssouso)", unitsBody(units))
    bytes +=
      reply(to: firstSerial + 1, "v", variant(state)) + reply(to: firstSerial + 2, "v", variant("252.39-1"))
    for (index, type) in types.enumerated() {
      bytes += reply(to: firstSerial + 3 + index, "v", variant(type))
    }
    firstSerial += 3 + types.count
    send(bytes)
  }

  func send(_ bytes: [UInt8]) { _ = Glibc.send(peer, bytes, bytes.count, Int32(MSG_NOSIGNAL)) }

  func await() { source.awaitAnswers(nanoseconds: 1_000_000_000) }
}

private func number(_ value: Int) -> [UInt8] {
  withUnsafeBytes(of: UInt32(value).littleEndian) { Array($0) }
}

private func padded(_ bytes: [UInt8], _ size: Int) -> [UInt8] {
  bytes + [UInt8](repeating: 0, count: (size - bytes.count % size) % size)
}

private func text(_ text: String) -> [UInt8] { number(text.utf8.count) + Array(text.utf8) + [0] }

private func variant(_ word: String) -> [UInt8] { padded([1, UInt8(ascii: "s"), 0], 4) + text(word) }

private func unitsBody(_ units: [(String, String)]) -> [UInt8] {
  var array: [UInt8] = []
  for (name, state) in units {
    array = padded(array, 8)
    for word in [name, "Of it", "loaded", state, "dead", "", "/unit/x"] {
      array = padded(array, 4) + text(word)
    }
    array = padded(array, 4) + number(0)
    for word in ["", "/"] { array = padded(array, 4) + text(word) }
  }
  return padded(number(array.count), 8) + array
}

private func reply(to serial: Int, _ signature: String, _ body: [UInt8]) -> [UInt8] {
  var fields: [UInt8] = [5, 1, UInt8(ascii: "u"), 0] + number(serial)
  fields += [8, 1, UInt8(ascii: "g"), 0, UInt8(signature.utf8.count)] + Array(signature.utf8) + [0]
  let head: [UInt8] = [UInt8(ascii: "l"), 2, 0, 1] + number(body.count) + number(7) + number(fields.count)
  return padded(head + fields, 8) + body
}

@Suite struct SystemdSourceTests {
  private let units = [("a.service", "active"), ("b.socket", "failed"), ("c.mount", "active")]

  @Test func anAnswerIsShownByThePassThatFindsIt() {
    let bench = BusBench()
    bench.listen()
    #expect(bench.pass() == [:])
    bench.accept()
    #expect(bench.pass(after: 1) == [:])
    bench.answer(units, types: ["notify"])
    let shown = bench.pass(after: 1)
    #expect(bench.failure == nil)
    #expect(shown[#"node_systemd_unit_state{name="a.service",state="active",type="notify"}"#] == 1)
    #expect(shown[#"node_systemd_unit_state{name="a.service",state="failed",type="notify"}"#] == 0)
    #expect(shown[#"node_systemd_unit_state{name="b.socket",state="failed",type=""}"#] == 1)
    #expect(shown.of("node_systemd_unit_state").count == 10)
    #expect(shown[#"node_systemd_units{state="active"}"#] == 2)
    #expect(shown["node_systemd_system_running"] == 1)
    #expect(shown[#"node_systemd_version{version="252.39-1"}"#] == 252.39)
  }

  @Test func itAsksAgainOnTheSameConnection() {
    let bench = BusBench.connected()
    bench.answer(units, types: ["notify"])
    _ = bench.pass(after: 1)
    _ = bench.pass(after: 15)
    bench.answer([("a.service", "failed")], state: "degraded")
    let shown = bench.pass(after: 1)
    #expect(shown["node_systemd_system_running"] == 0)
    #expect(shown[#"node_systemd_unit_state{name="a.service",state="failed",type="notify"}"#] == 1)
    #expect(shown.of("node_systemd_unit_state").count == 5)
  }

  @Test func silenceIsAFailureAndNothingIsShown() {
    let bench = BusBench.connected()
    bench.answer(units, types: ["notify"])
    #expect(bench.pass(after: 1).count > 0)
    #expect(bench.pass(after: 15).count > 0)
    #expect(bench.pass(after: 9).count > 0)
    #expect(bench.pass(after: 2) == [:])
    let path = bench.tree.path + "/run/dbus/system_bus_socket"
    #expect(bench.failure == .failing(path: path, errno: ETIMEDOUT))
    // On a new connection it goes on.
    bench.hangUp()
    _ = bench.pass(after: 5)
    bench.accept()
    bench.answer(units, types: ["notify"])
    #expect(bench.pass(after: 1).count > 0)
    #expect(bench.failure == nil)
  }

  @Test func anEndIsAFailure() {
    let bench = BusBench.connected()
    bench.hangUp()
    #expect(bench.pass(after: 1) == [:])
    #expect(bench.failure != nil)
  }

  @Test func anEndBetweenQuestionsIsNone() {
    let bench = BusBench.connected()
    bench.answer(units, types: ["notify"])
    _ = bench.pass(after: 1)
    bench.hangUp()
    #expect(bench.pass(after: 1).count > 0)
    _ = bench.pass(after: 14)
    bench.accept()
    bench.answer([("a.service", "failed")], types: ["simple"])
    let shown = bench.pass(after: 1)
    #expect(bench.failure == nil)
    #expect(shown[#"node_systemd_unit_state{name="a.service",state="failed",type="simple"}"#] == 1)
  }

  @Test func whoSamplesOnceWaits() {
    let bench = BusBench.connected()
    bench.answer(units, types: ["notify"])
    bench.await()
    #expect(bench.pass().count > 0)
  }

  @Test func withoutASocketItIsUnsupported() {
    let bench = BusBench()
    _ = bench.pass()
    guard case .unsupported = bench.failure else {
      Issue.record("\(String(describing: bench.failure))")
      return
    }
  }

  @Test func unitsThatComeAndGoAreOnlyCounted() {
    let bench = BusBench.connected()
    bench.answer([("run-u17.service", "active"), ("x.timer", "active")])
    let shown = bench.pass(after: 1)
    #expect(shown["muster_systemd_units_left_out"] == 1)
    #expect(shown[#"node_systemd_units{state="active"}"#] == 2)
    #expect(shown.of("node_systemd_unit_state").count == 5)
  }

  @Test func anotherFilter() {
    let bench = BusBench.connected()
    bench.answer(units, types: ["notify"])
    _ = bench.pass(after: 1)
    var filters = FilterSettings()
    filters.systemdUnits.include = [GlobPattern("*.mount")]
    var source = bench.source
    source.refilter(filters)
    bench.table.begin()
    var buffer = ReadBuffer()
    try? source.sample(into: &bench.table, reading: &buffer, at: bench.clock.now)
    bench.accept()
    bench.answer(units)
    source.awaitAnswers(nanoseconds: 1_000_000_000)
    bench.table.begin()
    try? source.sample(into: &bench.table, reading: &buffer, at: bench.clock.now)
    #expect(bench.table.shown[#"node_systemd_unit_state{name="c.mount",state="active",type=""}"#] == 1)
    #expect(bench.table.shown.of("node_systemd_unit_state").count == 5)
  }

  @Test(arguments: [
    ("252.39-1~deb12u2", 252.39), ("257", 257), ("v255.4-1ubuntu8", 255.4), ("219.x", 219), ("25", nil),
    ("", nil),
  ])
  func versions(_ text: String, _ number: Double?) {
    #expect(SystemdSource.number(in: text) == number)
  }
}
