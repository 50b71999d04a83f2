/// What `RTM_NEWLINK` and `RTM_DELLINK` say of a link, as far as it is used here. See rtnetlink(7).
struct LinkMessage {
  /// `AF_UNSPEC`; a bridge tells of its ports under another family.
  let family: UInt8
  /// `ARPHRD_…`
  let type: UInt16
  let index: Int32
  /// `IFF_…`
  let flags: UInt32
  /// Empty if the message has none, as some events may.
  private(set) var name = UnsafeRawBufferPointer(start: nil, count: 0)
  private(set) var address = UnsafeRawBufferPointer(start: nil, count: 0)
  private(set) var broadcast = UnsafeRawBufferPointer(start: nil, count: 0)
  private(set) var alias = UnsafeRawBufferPointer(start: nil, count: 0)
  private(set) var mtu: UInt32?
  private(set) var link: UInt32?
  private(set) var queueLength: UInt32?
  private(set) var operState: UInt8?
  private(set) var linkMode: UInt8?
  private(set) var group: UInt32?
  private(set) var promiscuity: UInt32?
  private(set) var carrier: UInt8?
  private(set) var carrierChanges: UInt32?
  private(set) var carrierUpCount: UInt32?
  private(set) var carrierDownCount: UInt32?
  private(set) var allMulticast: UInt32?

  /// Nil if the payload is no such message.
  init?(_ payload: UnsafeRawBufferPointer) {
    guard payload.count >= Netlink.interfaceInfoBytes, let family = payload.integer(UInt8.self),
      let type = payload.integer(UInt16.self, at: 2), let index = payload.integer(Int32.self, at: 4),
      let flags = payload.integer(UInt32.self, at: 8)
    else { return nil }
    (self.family, self.type, self.index, self.flags) = (family, type, index, flags)
    var attributes = NetlinkAttributes(payload, behind: Netlink.interfaceInfoBytes)
    while let (type, value) = attributes.next() {
      if let attribute = Netlink.LinkAttribute(rawValue: type) { take(attribute, value) }
    }
    if attributes.isBroken { return nil }
  }

  private mutating func take(_ attribute: Netlink.LinkAttribute, _ value: UnsafeRawBufferPointer) {
    switch attribute {
    case .address: address = value
    case .broadcast: broadcast = value
    case .name: name = value.untilZero
    case .mtu: mtu = value.integer()
    case .link: link = value.integer()
    case .queueLength: queueLength = value.integer()
    case .operState: operState = value.integer()
    case .linkMode: linkMode = value.integer()
    case .alias: alias = value.untilZero
    case .group: group = value.integer()
    case .extendedMask: break
    case .promiscuity: promiscuity = value.integer()
    case .carrier: carrier = value.integer()
    case .carrierChanges: carrierChanges = value.integer()
    case .carrierUpCount: carrierUpCount = value.integer()
    case .carrierDownCount: carrierDownCount = value.integer()
    case .allMulticast: allMulticast = value.integer()
    }
  }
}

extension UnsafeRawBufferPointer {
  /// The bytes before the first zero: a string of C.
  fileprivate var untilZero: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: prefix { $0 != 0 })
  }
}
