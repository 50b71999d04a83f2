/// A question to the kernel that is answered with a dump: all links, all sockets.
public struct NetlinkRequest: Sendable {
  /// Header and body, with the sequence number left open.
  private(set) var bytes: [UInt8]

  private static let sequenceOffset = 8

  private init(_ type: UInt16, bodyBytes: Int) {
    bytes = []
    bytes.reserveCapacity(Netlink.headerBytes + bodyBytes)
    append(UInt32(Netlink.headerBytes + bodyBytes))
    append(type)
    append(Netlink.flagRequest | Netlink.flagDump)
    append(UInt32(0))
    append(UInt32(0))
  }

  /// Every link of this network namespace (`RTM_GETLINK`), without its counters.
  static let links: NetlinkRequest = {
    var request = NetlinkRequest(Netlink.getLink, bodyBytes: Netlink.interfaceInfoBytes + 8)
    request.append(zeros: Netlink.interfaceInfoBytes)
    request.append(UInt16(8))
    request.append(Netlink.LinkAttribute.extendedMask.rawValue)
    request.append(Netlink.skipStatistics)
    return request
  }()

  /// The counters of every link (`RTM_GETSTATS`), and nothing else of it.
  static let linkStatistics: NetlinkRequest = {
    var request = NetlinkRequest(Netlink.getStatistics, bodyBytes: Netlink.statisticsInfoBytes)
    request.append(zeros: Netlink.statisticsInfoBytes - 4)
    request.append(UInt32(1) << UInt32(Netlink.statisticsOfLink64 - 1))
    return request
  }()

  /// The TCP sockets, of IPv4 and IPv6, that are in the states chosen.
  static let tcpSockets: NetlinkRequest = {
    // struct inet_diag_req: four bytes, the identity, states, tables.
    var request = NetlinkRequest(Netlink.getTCPSockets, bodyBytes: 4 + Netlink.socketIdentityBytes + 8)
    request.append(zeros: 4 + Netlink.socketIdentityBytes + 8)
    return request
  }()

  /// Writes the states of ``tcpSockets``: bit n for state n.
  mutating func choose(states: UInt32) {
    write(states, at: Netlink.headerBytes + 4 + Netlink.socketIdentityBytes)
  }

  /// Writes the sequence number.
  mutating func number(_ sequence: UInt32) {
    write(sequence, at: Self.sequenceOffset)
  }

  private mutating func write(_ value: UInt32, at offset: Int) {
    bytes.withUnsafeMutableBytes { $0.storeBytes(of: value, toByteOffset: offset, as: UInt32.self) }
  }

  private mutating func append(_ value: some FixedWidthInteger) {
    withUnsafeBytes(of: value) { bytes.append(contentsOf: $0) }
  }

  private mutating func append(zeros count: Int) {
    bytes.append(contentsOf: repeatElement(0, count: count))
  }
}
