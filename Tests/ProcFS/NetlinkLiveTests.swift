import Glibc
import Testing

@testable import ProcFS

/// The running kernel is asked, for what every machine has: the loopback interface, and sockets of this test.
@Suite(.enabled(if: LiveNetlink.isOffered)) struct NetlinkLiveTests {
  @Test func countersAreThoseOfTheFile() throws {
    var buffer = ReadBuffer()
    var counters = LinkCounters()
    var file = NetDev()
    // Traffic goes on meanwhile, so netlink's must lie between two looks into the file.
    func fileValues() throws -> [String: InterfaceValues] {
      let text = try KernelFile(NetDev.path, of: ProcRoot()).read(into: &buffer)
      try file.parse(text)
      return Dictionary(file.interfaces.map { ($0.name.string(in: text), $0.values) }) { first, _ in first }
    }
    let before = try fileValues()
    try counters.read(into: &buffer)
    let after = try fileValues()
    let loopback = try #require(counters.interfaces.first { $0.name == "lo" })
    #expect(loopback.index == 1)
    for interface in counters.interfaces {
      guard let first = before[interface.name], let last = after[interface.name] else { continue }
      for column in 0..<NetDev.columns {
        #expect(first[column]...max(first[column], last[column]) ~= interface.values[column])
      }
    }
    // Read again: nothing is left over from the answer before.
    try counters.read(into: &buffer)
    #expect(counters.interfaces.filter { $0.name == "lo" }.count == 1)
  }

  @Test func propertiesAreThoseOfTheFiles() throws {
    var buffer = ReadBuffer()
    var asked = LinkTable()
    try asked.read(into: &buffer) { $0.elementsEqual("lo".utf8) }
    var files = LinkTable()
    try files.read(foldersOf: ProcRoot(), into: &buffer) { $0 == "lo" }
    let loopback = try #require(asked.links.first)
    let expected = try #require(files.links.first)
    #expect(asked.links.count == 1)
    #expect(asked.string(loopback.name) == "lo")
    #expect(asked.string(loopback.address) == files.string(expected.address))
    #expect(asked.string(loopback.broadcast) == files.string(expected.broadcast))
    #expect(loopback.operState == expected.operState)
    #expect(loopback.isUp == expected.isUp)
    for number in LinkTable.Number.allCases where loopback[number] != nil {
      #expect(loopback[number] == expected[number], "\(number)")
    }
    #expect(loopback[.mtu] != nil)
  }

  @Test func socketsAreCountedInSteps() throws {
    let listeners = try (0..<400).map { _ in try Listener() }
    let client = try listeners[0].connected()
    defer { close(client) }
    var buffer = ReadBuffer()
    var sockets = TCPSockets()
    var steps = 1
    try sockets.begin(TCPStateSet([.listen]))
    #expect(sockets.isCounting)
    while try !sockets.count(atMost: 1, into: &buffer) {
      #expect(sockets.isCounting)
      steps += 1
    }
    #expect(!sockets.isCounting)
    #expect(steps > 1)
    #expect(sockets.totals[.listen] >= 400)
    #expect(sockets.totals[.established] == 0)
    #expect(sockets.totals.acceptQueue >= 1)
    #expect(sockets.totals.longestAcceptQueue >= 1)

    try sockets.begin(TCPStateSet([.established]))
    #expect(try sockets.count(atMost: .max, into: &buffer))
    // Both ends.
    #expect(sockets.totals[.established] >= 2)
    #expect(sockets.totals[.listen] == 0)
  }

  @Test func aCountThatIsBegunAnewForgetsTheOldOne() throws {
    let listeners = try (0..<400).map { _ in try Listener() }
    var buffer = ReadBuffer()
    var sockets = TCPSockets()
    try sockets.begin(TCPStateSet([.listen]))
    #expect(try !sockets.count(atMost: 1, into: &buffer))
    try sockets.begin(TCPStateSet([.closing]))
    #expect(try sockets.count(atMost: .max, into: &buffer))
    #expect(sockets.totals[.listen] == 0)
    withExtendedLifetime(listeners) {}
  }
}

/// A listening socket on a loopback port of the kernel's choice.
private final class Listener {
  private let descriptor: Int32
  private var address = sockaddr_in()

  struct Failure: Error { let code: Int32 }

  init() throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let descriptor = descriptor
    let code = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bind(descriptor, address, length) | listen(descriptor, 8) | getsockname(descriptor, address, &length)
      }
    }
    guard code == 0 else { throw Failure(code: errno) }
  }

  deinit {
    close(descriptor)
  }

  /// A connection to it that is not accepted.
  func connected() throws -> Int32 {
    let client = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    let code = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(client, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard code == 0 else { throw Failure(code: errno) }
    return client
  }
}

private enum LiveNetlink {
  /// Whether this process may use netlink, and the kernel has `INET_DIAG`.
  static let isOffered: Bool = {
    var buffer = ReadBuffer()
    var counters = LinkCounters()
    var sockets = TCPSockets()
    do {
      try counters.read(into: &buffer)
      try sockets.begin(TCPStateSet([.listen]))
      _ = try sockets.count(atMost: .max, into: &buffer)
      return true
    } catch {
      return false
    }
  }()
}
