internal import Glibc

/// The traffic of each network interface as netlink tells it: what `/proc/net/dev` shows and one number more, at
/// half the cost. See rtnetlink(7), `RTM_GETSTATS` with `IFLA_STATS_LINK_64`; Linux 4.7.
///
/// The kernel names interfaces by index there; their names are kept aside.
public struct LinkCounters {
  /// One interface.
  public struct Interface {
    /// Its number, which no other interface gets while it is there.
    public let index: Int32
    /// Its name.
    public let name: String
    /// What it counts.
    public let values: InterfaceValues
  }

  /// The interfaces, in the kernel's order.
  public private(set) var interfaces: [Interface] = []

  private let socket = NetlinkSocket(.route)
  private var request = NetlinkRequest.linkStatistics
  private var names = LinkNames()

  /// Nothing read yet.
  public init() {}

  /// Replaces the interfaces by those of this process's network namespace. After an error they are incomplete.
  public mutating func read(into buffer: inout ReadBuffer) throws(KernelError) {
    try names.refresh(asking: socket, into: &buffer)
    for _ in 0..<NetlinkSocket.maximumAttempts {
      interfaces.removeAll(keepingCapacity: true)
      try socket.begin(&request)
      while let message = try socket.next(into: &buffer) {
        try append(message)
      }
      if !socket.wasInterrupted { return }
    }
    throw .failing(path: socket.path, errno: EINTR)
  }

  private mutating func append(_ message: NetlinkMessage) throws(KernelError) {
    guard message.type == Netlink.newStatistics else { return }
    guard let (index, values) = Self.parse(message.payload) else {
      throw socket.malformed("the counters of a link are expected")
    }
    // One that has come this very moment has no name yet.
    guard let values, let name = names[index] else { return }
    guard interfaces.count < NetDev.maximumInterfaces else {
      throw socket.malformed("more than \(NetDev.maximumInterfaces) interfaces")
    }
    interfaces.append(Interface(index: index, name: name, values: values))
  }

  /// The link's index and counters; no counters if the message has others. Nil if it makes no sense.
  static func parse(_ payload: UnsafeRawBufferPointer) -> (index: Int32, values: InterfaceValues?)? {
    guard payload.count >= Netlink.statisticsInfoBytes, let index = payload.integer(Int32.self, at: 4) else {
      return nil
    }
    var values: InterfaceValues?
    var attributes = NetlinkAttributes(payload, behind: Netlink.statisticsInfoBytes)
    while let (type, value) = attributes.next() {
      guard type == Netlink.statisticsOfLink64 else { continue }
      guard let found = LinkStatistics64(value) else { return nil }
      values = found.values
    }
    return attributes.isBroken ? nil : (index, values)
  }
}

/// struct rtnl_link_stats64 of <linux/if_link.h>: 64-bit counters in this order. Later kernels add some at the end.
private struct LinkStatistics64 {
  private enum Field: Int {
    case receivedPackets, sentPackets, receivedBytes, sentBytes, receiveErrors, sendErrors
    case receiveDropped, sendDropped, multicast, collisions
    case receiveLengthErrors, receiveOverErrors, receiveCRCErrors, receiveFrameErrors
    case receiveFifoErrors, receiveMissedErrors
    case sendAbortedErrors, sendCarrierErrors, sendFifoErrors, sendHeartbeatErrors, sendWindowErrors
    case receivedCompressed, sentCompressed, receiveNoHandler
  }

  private let bytes: UnsafeRawBufferPointer

  /// Nil if counters are missing.
  init?(_ bytes: UnsafeRawBufferPointer) {
    guard bytes.count >= (Field.receiveNoHandler.rawValue + 1) * MemoryLayout<UInt64>.size else { return nil }
    self.bytes = bytes
  }

  /// The sums are those of `/proc/net/dev`.
  var values: InterfaceValues {
    [
      self[.receivedBytes], self[.receivedPackets], self[.receiveErrors],
      self[.receiveDropped] &+ self[.receiveMissedErrors], self[.receiveFifoErrors],
      self[.receiveLengthErrors] &+ self[.receiveOverErrors] &+ self[.receiveCRCErrors]
        &+ self[.receiveFrameErrors],
      self[.receivedCompressed], self[.multicast],
      self[.sentBytes], self[.sentPackets], self[.sendErrors], self[.sendDropped], self[.sendFifoErrors],
      self[.collisions],
      self[.sendAbortedErrors] &+ self[.sendCarrierErrors] &+ self[.sendHeartbeatErrors]
        &+ self[.sendWindowErrors],
      self[.sentCompressed], self[.receiveNoHandler],
    ]
  }

  @inline(__always)
  private subscript(field: Field) -> Int64 {
    Int64(clamping: bytes.loadUnaligned(fromByteOffset: field.rawValue * 8, as: UInt64.self))
  }
}
