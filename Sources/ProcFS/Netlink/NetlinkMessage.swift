/// A message of netlink(7), where it lies in the datagram.
public struct NetlinkMessage {
  /// What it is: `RTM_NEWLINK`, say. Numbers below 16 are netlink's own.
  public let type: UInt16
  /// What is behind the header.
  public let payload: UnsafeRawBufferPointer
  let flags: UInt16
  let sequence: UInt32
}

/// Goes through the messages of a datagram; a captured dump is as good.
struct NetlinkMessages {
  private var rest: UnsafeRawBufferPointer
  /// Whether what is left cannot be a message.
  private(set) var isBroken = false

  init(_ datagram: UnsafeRawBufferPointer) {
    rest = datagram
  }

  /// Nil at the end, and where the bytes make no sense.
  mutating func next() -> NetlinkMessage? {
    guard !rest.isEmpty, !isBroken else { return nil }
    guard let length = rest.integer(UInt32.self).map(Int.init), length >= Netlink.headerBytes,
      length <= rest.count, let type = rest.integer(UInt16.self, at: 4),
      let flags = rest.integer(UInt16.self, at: 6), let sequence = rest.integer(UInt32.self, at: 8)
    else {
      isBroken = true
      return nil
    }
    let payload = UnsafeRawBufferPointer(rebasing: rest[Netlink.headerBytes..<length])
    rest = UnsafeRawBufferPointer(rebasing: rest[min(length.netlinkAligned, rest.count)...])
    return NetlinkMessage(type: type, payload: payload, flags: flags, sequence: sequence)
  }
}

/// Goes through the attributes behind a message's fixed part.
struct NetlinkAttributes {
  private var rest: UnsafeRawBufferPointer
  /// Whether what is left cannot be an attribute.
  private(set) var isBroken = false

  /// Those of `payload` behind its first `offset` bytes.
  init(_ payload: UnsafeRawBufferPointer, behind offset: Int) {
    let offset = min(offset.netlinkAligned, payload.count)
    rest = UnsafeRawBufferPointer(rebasing: payload[offset...])
  }

  /// Nil at the end, and where the bytes make no sense.
  @inline(__always)
  mutating func next() -> (type: UInt16, value: UnsafeRawBufferPointer)? {
    guard !rest.isEmpty, !isBroken else { return nil }
    guard let length = rest.integer(UInt16.self).map(Int.init), length >= Netlink.attributeHeaderBytes,
      length <= rest.count, let type = rest.integer(UInt16.self, at: 2)
    else {
      isBroken = true
      return nil
    }
    let value = UnsafeRawBufferPointer(rebasing: rest[Netlink.attributeHeaderBytes..<length])
    rest = UnsafeRawBufferPointer(rebasing: rest[min(length.netlinkAligned, rest.count)...])
    return (type & Netlink.attributeTypeMask, value)
  }
}
