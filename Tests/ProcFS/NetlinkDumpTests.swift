import Glibc
import Testing

@testable import ProcFS

@Suite struct NetlinkDumpTests {
  /// What comes of datagrams: the messages' types, how it ended, and whether it was interrupted.
  private func run(_ datagrams: [[UInt8]]) throws -> (types: [UInt16], isComplete: Bool, wasInterrupted: Bool)
  {
    var dump = NetlinkDump(path: "netlink/test", sequence: 1)
    var types: [UInt16] = []
    for datagram in datagrams {
      try datagram.withUnsafeBytes { bytes in
        dump.receive(bytes)
        while let message = try dump.next() { types.append(message.type) }
      }
    }
    return (types, dump.isComplete, dump.wasInterrupted)
  }

  @Test func messagesUntilTheEnd() throws {
    let body: [UInt8] = [1, 2, 3]
    let whole = try run([
      NetlinkBytes.message(16, body) + NetlinkBytes.message(17),
      NetlinkBytes.message(18) + NetlinkBytes.done(),
    ])
    #expect(whole.types == [16, 17, 18])
    #expect(whole.isComplete)
    #expect(!whole.wasInterrupted)
    #expect(try !run([NetlinkBytes.message(16)]).isComplete)
    #expect(try !run([[]]).isComplete)
  }

  @Test func whatAnotherQuestionIsAnsweredWithIsPassedOver() throws {
    let result = try run([
      NetlinkBytes.message(16, sequence: 7) + NetlinkBytes.done(sequence: 7) + NetlinkBytes.message(17)
    ])
    #expect(result.types == [17])
    #expect(!result.isComplete)
  }

  @Test func aDumpSaysThatItWasInterrupted() throws {
    #expect(try run([NetlinkBytes.message(16, flags: 0x12) + NetlinkBytes.done()]).wasInterrupted)
    #expect(try run([NetlinkBytes.message(3, flags: 0x12, NetlinkBytes.integer(Int32(0)))]).wasInterrupted)
  }

  @Test func noOperationsAndAcknowledgementsAreNothing() throws {
    let result = try run([
      NetlinkBytes.message(1) + NetlinkBytes.message(2, NetlinkBytes.integer(Int32(0))) + NetlinkBytes.done()
    ])
    #expect(result.types.isEmpty)
    #expect(result.isComplete)
  }

  @Test(arguments: [
    (
      NetlinkBytes.message(2, NetlinkBytes.integer(-ENOENT)),
      KernelError.unsupported(path: "netlink/test", errno: ENOENT)
    ),
    (NetlinkBytes.done(-ENOENT), .unsupported(path: "netlink/test", errno: ENOENT)),
    (NetlinkBytes.message(2, NetlinkBytes.integer(-EPERM)), .denied(path: "netlink/test", errno: EPERM)),
    (NetlinkBytes.done(.min), .failing(path: "netlink/test", errno: EIO)),
    (NetlinkBytes.message(4), .failing(path: "netlink/test", errno: ENOBUFS)),
    (NetlinkBytes.message(2), .malformed(file: "netlink/test", line: 2, reason: "an error without a number")),
    ([1], .malformed(file: "netlink/test", line: 1, reason: "the length of a message is wrong")),
    (
      [15, 0, 0, 0] + [UInt8](repeating: 0, count: 12),
      .malformed(file: "netlink/test", line: 1, reason: "the length of a message is wrong")
    ),
    (
      [UInt8](repeating: 0xff, count: 64),
      .malformed(file: "netlink/test", line: 1, reason: "the length of a message is wrong")
    ),
  ])
  func errors(_ bytes: [UInt8], _ error: KernelError) {
    #expect(throws: error) { try run([NetlinkBytes.message(16) + bytes]) }
  }

  @Test func attributesThatMakeNoSense() {
    func broken(_ bytes: [UInt8]) -> Bool {
      bytes.withUnsafeBytes {
        var attributes = NetlinkAttributes($0, behind: 0)
        while attributes.next() != nil {}
        return attributes.isBroken
      }
    }
    #expect(!broken([]))
    #expect(!broken(NetlinkBytes.attribute(1, "abc") + NetlinkBytes.attribute(2, UInt8(1))))
    // The last one need not be padded.
    #expect(!broken(NetlinkBytes.attribute(1, "abc") + [5, 0, 1, 0, 9]))
    #expect(broken([4]))
    #expect(broken([3, 0, 1, 0]))
    #expect(broken([9, 0, 1, 0, 1, 2, 3, 4]))
    #expect(broken(NetlinkBytes.attribute(1, "abc") + [0, 0, 0, 0]))
  }

  @Test func requestsAreWhatTheKernelReads() {
    var request = NetlinkRequest.tcpSockets
    request.choose(states: 0x0400)
    request.number(0x0102_0304)
    #expect(request.bytes.count == 16 + 60)
    #expect(Array(request.bytes[..<16]) == [76, 0, 0, 0, 18, 0, 1, 3, 4, 3, 2, 1, 0, 0, 0, 0])
    #expect(Array(request.bytes[68...]) == [0, 4, 0, 0, 0, 0, 0, 0])
    #expect(NetlinkRequest.links.bytes.suffix(8) == [8, 0, 29, 0, 8, 0, 0, 0])
    #expect(NetlinkRequest.linkStatistics.bytes.count == 28)
    for request in [NetlinkRequest.links, .linkStatistics] {
      #expect(request.bytes[0] == UInt8(request.bytes.count))
    }
  }
}
