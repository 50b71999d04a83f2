import Testing

@testable import ProcFS

/// One entry per parser: what it makes of a text, or not; the point is that it comes back.
private func parsers() -> [(path: String, parse: (UnsafeRawBufferPointer) -> Void)] {
  let forms: [(path: String, form: GroupedValues.Form)] = [
    (GroupedValues.snmpPath, .headings), (GroupedValues.netstatPath, .headings),
    (GroupedValues.snmp6Path, .lines), (GroupedValues.sockstatPath, .pairs),
    (GroupedValues.sockstat6Path, .pairs),
  ]
  let grouped = forms.map { path, form -> (path: String, parse: (UnsafeRawBufferPointer) -> Void) in
    var values = GroupedValues(path: path, form: form)
    return (path, { try? values.parse($0) })
  }
  var softNet = SoftNet()
  var conntrack = ConntrackStatistics()
  var arp = ARPTable()
  var queues = UDPQueues(path: UDPQueues.path)
  var statistics = IPVSStatistics()
  var backends = IPVSBackends()
  var client = RPCStatistics(path: RPCStatistics.clientPath)
  var server = RPCStatistics(path: RPCStatistics.serverPath)
  return grouped + [
    (SoftNet.path, { try? softNet.parse($0) }),
    (ConntrackStatistics.path, { try? conntrack.parse($0) }),
    (ARPTable.path, { try? arp.parse($0) }),
    (UDPQueues.path, { try? queues.parse($0) }),
    (UDPQueues.path6, { try? queues.parse($0) }),
    (IPVSStatistics.path, { try? statistics.parse($0) }),
    (IPVSBackends.path, { try? backends.parse($0) }),
    (RPCStatistics.clientPath, { try? client.parse($0) }),
    (RPCStatistics.serverPath, { try? server.parse($0) }),
  ]
}

@Suite struct NetworkBrokenTextTests {
  private static let machines = ["linux-5.15-router", "linux-4.19-offline-cpu"]

  @Test func theRouterHasEachFile() {
    for (path, _) in parsers() { #expect(Fixture.text("linux-5.15-router", path) != nil, "\(path)") }
  }

  /// Text cut off, then whole again, in memory where reading too far is fatal.
  @Test(arguments: machines)
  func cutAtEachByte(_ machine: String) {
    for (path, parse) in parsers() {
      guard let text = Fixture.text(machine, path) else { continue }
      let memory = GuardedText(capacity: text.count)
      parse(memory.place(text))
      for count in 0..<text.count where count < 1000 || count > text.count - 1000 {
        parse(memory.place(text[..<count]))
      }
      parse(memory.place(text))
    }
  }

  @Test(arguments: machines)
  func bytesReplaced(_ machine: String) {
    let interesting = Array(" \n\t\r:-=.,[]>f0129kTcpu6\u{0}".utf8) + [0xff]
    var random: UInt32 = 1
    func next(below bound: Int) -> Int {
      random = random &* 1_664_525 &+ 1_013_904_223
      return Int(random >> 8) % bound
    }
    for (path, parse) in parsers() {
      guard let whole = Fixture.text(machine, path), !whole.isEmpty else { continue }
      let memory = GuardedText(capacity: whole.count)
      for _ in 0..<30 {
        var text = whole
        for _ in 0..<10 {
          text[next(below: text.count)] = interesting[next(below: interesting.count)]
          parse(memory.place(text))
        }
        parse(memory.place(whole))
      }
    }
  }

  @Test func nothingAtAll() {
    for (_, parse) in parsers() { parse(UnsafeRawBufferPointer(start: nil, count: 0)) }
  }
}
