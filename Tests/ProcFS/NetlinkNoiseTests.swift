import Testing

@testable import ProcFS

/// Bytes that no kernel writes: the point is that every parser comes back, and reads nothing beyond them.
@Suite struct NetlinkNoiseTests {
  private static let attributes =
    NetlinkBytes.attribute(3, "eth0") + NetlinkBytes.attribute(4, UInt32(1500))
    + NetlinkBytes.attribute(1, [1, 2, 3, 4, 5, 6]) + NetlinkBytes.attribute(20, "x")
  private static let counters = (0..<25).map { UInt64($0) << 59 }

  static let dump =
    NetlinkBytes.message(16, NetlinkBytes.link(attributes))
    + NetlinkBytes.message(92, NetlinkBytes.statistics(counters))
    + NetlinkBytes.message(20, NetlinkBytes.socket(10, received: .max, sent: .max))
    + NetlinkBytes.message(17, NetlinkBytes.link(attributes)) + NetlinkBytes.done()

  private func parse(_ bytes: UnsafeRawBufferPointer) {
    var dump = NetlinkDump(path: "netlink/test", sequence: 1)
    var table = LinkTable()
    var names = LinkNames()
    var totals = TCPTotals()
    dump.receive(bytes)
    while let message = try? dump.next() {
      if let link = LinkMessage(message.payload) { _ = table.append(link) }
      _ = names.apply(message)
      _ = LinkCounters.parse(message.payload)
      _ = totals.add(message)
    }
    var facts: [UInt8] = []
    for link in table.links { table.appendFacts(of: link, to: &facts) }
  }

  @Test func cutAtEachByte() {
    let memory = GuardedText(capacity: Self.dump.count)
    for count in 0...Self.dump.count { parse(memory.place(Self.dump[..<count])) }
  }

  @Test func bytesReplaced() {
    var random = SplitMix(state: 7)
    let memory = GuardedText(capacity: Self.dump.count)
    for _ in 0..<3000 {
      var bytes = Self.dump
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        bytes[Int.random(in: 0..<bytes.count, using: &random)] = [0, 1, 3, 4, 0x7f, 0x80, 0xff].randomElement(
          using: &random)!
      }
      parse(memory.place(bytes))
    }
  }

  @Test func noise() {
    var random = SplitMix(state: 7)
    let memory = GuardedText(capacity: 256)
    for count in 0..<256 {
      for _ in 0..<20 {
        var bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
        parse(memory.place(bytes))
        // With a length that fits it gets further.
        if count >= 16 { bytes.replaceSubrange(0..<4, with: NetlinkBytes.integer(UInt32(count))) }
        if count >= 16 { bytes.replaceSubrange(8..<12, with: NetlinkBytes.integer(UInt32(1))) }
        parse(memory.place(bytes))
      }
    }
  }
}
