import Glibc
import Testing

@testable import ProcFS

@Suite struct NetlinkLinkTests {
  private let ethernet =
    NetlinkBytes.attribute(3, "eth0") + NetlinkBytes.attribute(13, UInt32(1000))
    + NetlinkBytes.attribute(16, UInt8(6))
    + NetlinkBytes.attribute(17, UInt8(1)) + NetlinkBytes.attribute(4, UInt32(1500))
    + NetlinkBytes.attribute(27, UInt32(7)) + NetlinkBytes.attribute(30, UInt32(0))
    + NetlinkBytes.attribute(61, UInt32(0)) + NetlinkBytes.attribute(33, UInt8(1))
    + NetlinkBytes.attribute(35, UInt32(3)) + NetlinkBytes.attribute(47, UInt32(2))
    + NetlinkBytes.attribute(48, UInt32(1)) + NetlinkBytes.attribute(1, [2, 0xfc, 0, 0, 0, 0xa1])
    + NetlinkBytes.attribute(2, [255, 255, 255, 255, 255, 255]) + NetlinkBytes.attribute(20, "to the rack")
    // Nested, and of no interest.
    + NetlinkBytes.attribute(0x8012, [8, 0, 1, 0, 1, 2, 3, 4]) + NetlinkBytes.attribute(200, [])

  private func table(_ bodies: [UInt8]...) -> LinkTable {
    var table = LinkTable()
    for body in bodies {
      body.withUnsafeBytes { bytes in
        if let message = LinkMessage(bytes) { _ = table.append(message) }
      }
    }
    return table
  }

  @Test func whatNetlinkSays() throws {
    let table = table(NetlinkBytes.link(ethernet))
    let link = try #require(table.links.first)
    #expect(table.string(link.name) == "eth0")
    #expect(table.string(link.address) == "02:fc:00:00:00:a1")
    #expect(table.string(link.broadcast) == "ff:ff:ff:ff:ff:ff")
    #expect(table.string(link.alias) == "to the rack")
    #expect(link.operState == LinkTable.operationalUp)
    #expect(link.isUp == true)
    let numbers: [LinkTable.Number: Int64] = [
      .carrier: 1, .carrierChanges: 3, .carrierUpChanges: 2, .carrierDownChanges: 1, .dormant: 0,
      .flags: 0x1003,
      .index: 2, .link: 2, .linkMode: 1, .mtu: 1500, .group: 7, .type: 1, .queueLength: 1000,
    ]
    for number in LinkTable.Number.allCases { #expect(link[number] == numbers[number], "\(number)") }
  }

  @Test func whatItDoesNotSayIsNotThere() throws {
    let table = table(NetlinkBytes.link(NetlinkBytes.attribute(3, "tun0")))
    let link = try #require(table.links.first)
    #expect(table.string(link.address) == "")
    #expect(link.operState == nil)
    #expect(LinkTable.Number.allCases.filter { link[$0] != nil } == [.dormant, .index, .link, .type])
  }

  /// Flags as sysfs has them: without those of the state, and promiscuous for whoever wants it.
  @Test(arguments: [
    (UInt32(0x1_1043), UInt32(0), UInt32(0), Int64(0x1003)), (0x1_1143, 0, 0, 0x1003),
    (0x1_1043, 1, 2, 0x1303),
    (0x3_1043, 0, 1, 0x1203), (0x1002, 0, 0, 0x1002),
  ])
  func flags(_ flags: UInt32, _ promiscuity: UInt32, _ allMulticast: UInt32, _ expected: Int64) throws {
    let attributes =
      NetlinkBytes.attribute(3, "a") + NetlinkBytes.attribute(30, promiscuity)
      + NetlinkBytes.attribute(61, allMulticast)
    let link = try #require(table(NetlinkBytes.link(flags: flags, attributes)).links.first)
    #expect(link[.flags] == expected)
    #expect(link.isUp == (flags & 1 != 0))
    #expect(link[.dormant] == (flags & 1 == 0 ? nil : flags & 0x2_0000 == 0 ? 0 : 1))
  }

  @Test func oneThatIsDownHasNoCarrierAndOneBelowAnotherSaysSo() throws {
    let attributes = ethernet + NetlinkBytes.attribute(5, UInt32(9)) + NetlinkBytes.attribute(16, UInt8(77))
    let link = try #require(table(NetlinkBytes.link(flags: 0x1002, attributes)).links.first)
    #expect(link[.carrier] == nil)
    #expect(link[.link] == 9)
    #expect(link.operState == nil)
  }

  @Test func factsDifferWhereLinksDo() {
    func facts(_ body: [UInt8]) -> [UInt8] {
      let table = table(body)
      var bytes: [UInt8] = []
      table.appendFacts(of: table.links[0], to: &bytes)
      return bytes
    }
    let same = facts(NetlinkBytes.link(ethernet))
    #expect(facts(NetlinkBytes.link(ethernet)) == same)
    for other in [
      NetlinkBytes.link(index: 3, ethernet), NetlinkBytes.link(flags: 0x1_1042, ethernet),
      NetlinkBytes.link(ethernet + NetlinkBytes.attribute(20, "to the rock")),
      NetlinkBytes.link(ethernet + NetlinkBytes.attribute(16, UInt8(2))),
      NetlinkBytes.link(ethernet + NetlinkBytes.attribute(1, [2, 0xfc, 0, 0, 0, 0xa2])),
    ] { #expect(facts(other) != same) }
  }

  @Test(arguments: [
    [], [UInt8](repeating: 0, count: 15), NetlinkBytes.link([9, 0, 3, 0, 1]),
    NetlinkBytes.link(NetlinkBytes.attribute(3, "a") + [1]),
  ])
  func noLink(_ body: [UInt8]) {
    #expect(table(body).links.isEmpty)
  }

  @Test func counters() throws {
    // In the kernel's order: 1, 10, 100 ... would not fit, so powers of two show which were added.
    let body = NetlinkBytes.statistics(index: 4, (0..<25).map { 1 << UInt64($0) })
    let parsed = try #require(body.withUnsafeBytes { LinkCounters.parse($0) })
    #expect(parsed.index == 4)
    let values = try #require(parsed.values)
    let expected: [[Int]] = [
      [2], [0], [4], [6, 15], [14], [10, 11, 12, 13], [21], [8], [3], [1], [5], [7], [18], [9],
      [16, 17, 19, 20],
      [22], [23],
    ]
    for (column, fields) in expected.enumerated() {
      #expect(values[column] == fields.reduce(0) { $0 + (1 << $1) }, "column \(column)")
    }
  }

  @Test func countersThatAreNotThere() {
    func parse(_ body: [UInt8]) -> (index: Int32, values: InterfaceValues?)? {
      body.withUnsafeBytes { LinkCounters.parse($0) }
    }
    #expect(parse([]) == nil)
    #expect(parse(NetlinkBytes.statistics((0..<23).map { $0 })) == nil)
    #expect(parse(Array(NetlinkBytes.statistics([]).dropLast())) == nil)
    let other = Array(NetlinkBytes.statistics([]).prefix(12)) + NetlinkBytes.attribute(5, UInt64(1))
    #expect(parse(other)?.index == 2)
    #expect(parse(other)?.values == nil)
    #expect(parse(NetlinkBytes.statistics(Array(repeating: .max, count: 24)))?.values?[0] == .max)
  }

  @Test func names() throws {
    var names = LinkNames()
    func apply(_ type: UInt16, _ index: Int32, _ name: String, family: UInt8 = 0) -> Bool {
      NetlinkBytes.link(index: index, family: family, NetlinkBytes.attribute(3, name)).withUnsafeBytes {
        names.apply(NetlinkMessage(type: type, payload: $0, flags: 0, sequence: 0))
      }
    }
    #expect(apply(16, 2, "eth0"))
    #expect(apply(16, 3, "eth1"))
    #expect(names[2] == "eth0")
    #expect(apply(16, 2, "wan0"))
    #expect(names[2] == "wan0")
    // A port left its bridge.
    #expect(apply(17, 2, "wan0", family: UInt8(AF_BRIDGE)))
    #expect(names[2] == "wan0")
    #expect(apply(17, 2, "wan0"))
    #expect(names[2] == nil)
    #expect(names[3] == "eth1")
    // An event that says nothing of the name.
    #expect(apply(16, 3, ""))
    #expect(names[3] == "eth1")
    let broken = NetlinkMessage(
      type: 16, payload: UnsafeRawBufferPointer(start: nil, count: 0), flags: 0, sequence: 0)
    let isTaken = names.apply(broken)
    #expect(!isTaken)
    #expect(apply(20, 2, ""))
  }
}
