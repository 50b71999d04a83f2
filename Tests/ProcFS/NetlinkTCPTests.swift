import Testing

@testable import ProcFS

@Suite struct NetlinkTCPTests {
  private func counted(_ bodies: [UInt8]...) -> TCPTotals? {
    var totals = TCPTotals()
    for body in bodies {
      let isSocket = body.withUnsafeBytes {
        totals.add(NetlinkMessage(type: 20, payload: $0, flags: 0, sequence: 0))
      }
      if !isSocket { return nil }
    }
    return totals
  }

  @Test func states() throws {
    for state in TCPState.allCases {
      let totals = try #require(counted(NetlinkBytes.socket(UInt8(state.rawValue))))
      #expect(TCPState.allCases.filter { totals[$0] == 1 } == [state])
      #expect(TCPState.allCases.reduce(0) { $0 + totals[$1] } == 1)
      #expect(totals.inUse == (state == .synReceived ? 0 : 1))
    }
    let unknown = try #require(
      counted(NetlinkBytes.socket(13), NetlinkBytes.socket(0), NetlinkBytes.socket(255)))
    #expect(unknown.inUse == 0)
    #expect(counted(Array(NetlinkBytes.socket(1).prefix(60))) == nil)
    #expect(counted([]) == nil)
  }

  @Test func queuesOfConnections() throws {
    let totals = try #require(
      counted(
        NetlinkBytes.socket(1, received: 5, sent: .max), NetlinkBytes.socket(8, received: 7, sent: 1),
        NetlinkBytes.socket(10, received: 3, sent: 4096)))
    #expect(totals.receiveQueueBytes == 12)
    #expect(totals.sendQueueBytes == 0x1_0000_0000)
  }

  @Test func queuesOfListeners() throws {
    let totals = try #require(
      counted(
        NetlinkBytes.socket(10, received: 3, sent: 4095), NetlinkBytes.socket(10, received: 1, sent: 0),
        NetlinkBytes.socket(10, received: 50, sent: 99), NetlinkBytes.socket(10, received: 0, sent: .max)))
    #expect(totals[.listen] == 4)
    #expect(totals.acceptQueue == 54)
    #expect(totals.longestAcceptQueue == 50)
    // Of a backlog of 0 one may wait, and does.
    #expect(totals.acceptQueueUseMillionths == 1_000_000)
    #expect(totals.fullAcceptQueues == 1)
  }

  @Test func theHalfClosedThatTheKernelHoldsAsInTimeWait() throws {
    let totals = try #require(counted(NetlinkBytes.socket(5, timer: 3), NetlinkBytes.socket(5, timer: 2)))
    #expect(totals[.finWait2] == 2)
    #expect(totals.heldInFinWait2 == 1)
    #expect(totals.inUse == 1)
  }

  @Test func inUse() throws {
    var both = TCPInUse()
    try Array(
      "sockets: used 291\nTCP: inuse 12 orphan 1 tw 34 alloc 20 mem 3\nUDP: inuse 8 mem 2\n".utf8
    ).withUnsafeBytes { try both.add($0, of: TCPInUse.path) }
    #expect(both.sockets == 12)
    #expect(both.waiting == 34)
    try Array("TCP6: inuse 5\nUDP6: inuse 3\n".utf8).withUnsafeBytes { try both.add($0, of: TCPInUse.path6) }
    #expect(both.sockets == 17)
    #expect(both.waiting == 34)
  }

  @Test(arguments: [
    ("", 1, "a line of TCP is expected"), ("UDP: inuse 1\n", 2, "a line of TCP is expected"),
    ("TCP: \n", 1, "inuse is expected"), ("a\nTCP: tw 3\n", 2, "inuse is expected"),
    ("TCP: inuse\n", 1, "names and numbers are expected"),
    ("TCP: inuse -1", 1, "names and numbers are expected"),
    ("TCP: inuse x tw 3", 1, "names and numbers are expected"),
  ])
  func inUseSaysWhatIsWrong(_ text: String, _ line: Int, _ reason: String) {
    var inUse = TCPInUse()
    #expect(throws: KernelError.malformed(file: "f", line: line, reason: reason)) {
      try Array(text.utf8).withUnsafeBytes { try inUse.add($0, of: "f") }
    }
  }

  @Test func numbersThatAreTooLarge() throws {
    var inUse = TCPInUse()
    for _ in 0..<2 {
      try Array("TCP: inuse 99999999999999999999 tw 1\n".utf8).withUnsafeBytes { try inUse.add($0, of: "f") }
    }
    #expect(inUse.sockets == .max)
  }
}
