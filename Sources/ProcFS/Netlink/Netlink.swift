/// The numbers of netlink(7) that are used here, under the kernel header each is from. The kernel promises never to
/// change them; Swift's Glibc module has none of them.
enum Netlink {
  // <linux/netlink.h>: struct nlmsghdr, struct nlattr.
  static let headerBytes = 16
  static let attributeHeaderBytes = 4
  static let flagRequest: UInt16 = 0x1
  static let flagDumpInterrupted: UInt16 = 0x10
  static let flagDump: UInt16 = 0x300
  /// Types below this are netlink's own.
  static let firstServiceType: UInt16 = 16
  static let error: UInt16 = 2
  static let done: UInt16 = 3
  static let overrun: UInt16 = 4
  /// The upper two bits of an attribute's type are flags: nested, network byte order.
  static let attributeTypeMask: UInt16 = 0x3fff

  // <linux/rtnetlink.h>
  static let newLink: UInt16 = 16
  static let deleteLink: UInt16 = 17
  static let getLink: UInt16 = 18
  static let newStatistics: UInt16 = 92
  static let getStatistics: UInt16 = 94
  static let linkGroup: UInt32 = 1
  static let skipStatistics: UInt32 = 8
  /// struct ifinfomsg: family, padding, type (16 bits), index, flags, change (32 bits each).
  static let interfaceInfoBytes = 16

  // <linux/if_link.h>
  static let statisticsOfLink64: UInt16 = 1
  /// struct if_stats_msg: family, padding, index, filter (32 bits each).
  static let statisticsInfoBytes = 12

  /// Attributes of a link.
  enum LinkAttribute: UInt16 {
    case address = 1
    case broadcast = 2
    case name = 3
    case mtu = 4
    case link = 5
    case queueLength = 13
    case operState = 16
    case linkMode = 17
    case alias = 20
    case group = 27
    case extendedMask = 29
    case promiscuity = 30
    case carrier = 33
    case carrierChanges = 35
    case carrierUpCount = 47
    case carrierDownCount = 48
    case allMulticast = 61
  }

  // <linux/inet_diag.h>
  /// The request that has both families in one walk, as `ss` sends it.
  static let getTCPSockets: UInt16 = 18
  /// struct inet_diag_sockid
  static let socketIdentityBytes = 48
}

extension UnsafeRawBufferPointer {
  /// An integer in the machine's byte order; nil if it is not there wholly.
  @inline(__always)
  func integer<Value: FixedWidthInteger & BitwiseCopyable>(
    _ type: Value.Type = Value.self, at offset: Int = 0
  ) -> Value? {
    guard offset >= 0, offset <= count - MemoryLayout<Value>.size else { return nil }
    return loadUnaligned(fromByteOffset: offset, as: Value.self)
  }
}

extension Int {
  /// Rounded up to netlink's alignment.
  @inline(__always) var netlinkAligned: Int { (self + 3) & ~3 }
}
