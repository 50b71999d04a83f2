/// A network interface of a ``LinkTable``.
public struct NetworkLink {
  /// Where its name stands in the table's text.
  public let name: TextRange
  /// Its address as sysfs writes it, `02:fc:00:00:00:01`; empty if it has none.
  public internal(set) var address = TextRange(offset: 0, count: 0)
  /// The address that all hear.
  public internal(set) var broadcast = TextRange(offset: 0, count: 0)
  /// What somebody has written about it.
  public internal(set) var alias = TextRange(offset: 0, count: 0)
  /// Whether it works, as a number of ``LinkTable/operStates``; nil if the kernel says none of them.
  public internal(set) var operState: Int?
  /// Whether somebody has switched it on; nil if the kernel does not say.
  public internal(set) var isUp: Bool?

  private var numbers = InlineArray<17, Int64>(repeating: 0)
  private var known: UInt32 = 0

  init(name: TextRange) {
    self.name = name
  }

  /// A property; nil if the kernel does not say.
  public internal(set) subscript(number: LinkTable.Number) -> Int64? {
    @inline(__always) get {
      known & (1 << UInt32(number.rawValue)) == 0 ? nil : numbers[number.rawValue]
    }
    set {
      numbers[number.rawValue] = newValue ?? 0
      if newValue == nil {
        known &= ~(1 << UInt32(number.rawValue))
      } else {
        known |= 1 << UInt32(number.rawValue)
      }
    }
  }
}

extension NetworkLink {
  func appendNumbers(to bytes: inout [UInt8]) {
    withUnsafeBytes(of: numbers) { bytes.append(contentsOf: $0) }
    withUnsafeBytes(of: known) { bytes.append(contentsOf: $0) }
    bytes.append(UInt8(truncatingIfNeeded: operState ?? -1))
    bytes.append(isUp.map { $0 ? 1 : 0 } ?? 2)
  }
}

// <linux/if.h>
private let up: UInt32 = 0x1
private let running: UInt32 = 0x40
private let promiscuous: UInt32 = 0x100
private let allMulticast: UInt32 = 0x200
private let lowerUp: UInt32 = 0x1_0000
private let linkIsDormant: UInt32 = 0x2_0000

extension NetworkLink {
  /// Takes over what netlink says, as /sys/class/net would show it.
  mutating func take(_ message: LinkMessage) {
    isUp = message.flags & up != 0
    operState = message.operState.flatMap { LinkTable.operStates.indices.contains(Int($0)) ? Int($0) : nil }
    self[.index] = Int64(message.index)
    self[.type] = Int64(message.type)
    self[.flags] = Self.flags(message).map(Int64.init)
    // Not said if it is the interface itself.
    self[.link] = message.link.map { Int64(Int32(bitPattern: $0)) } ?? Int64(message.index)
    self[.mtu] = message.mtu.map(Int64.init)
    self[.queueLength] = message.queueLength.map(Int64.init)
    self[.linkMode] = message.linkMode.map(Int64.init)
    self[.group] = message.group.map(Int64.init)
    self[.carrierChanges] = message.carrierChanges.map(Int64.init)
    self[.carrierUpChanges] = message.carrierUpCount.map(Int64.init)
    self[.carrierDownChanges] = message.carrierDownCount.map(Int64.init)
    // The files of one that is not up cannot be read.
    guard isUp == true else { return }
    self[.carrier] = message.carrier.map(Int64.init)
    self[.dormant] = message.flags & linkIsDormant == 0 ? 0 : 1
  }

  /// The flags that sysfs shows: without what the link's state adds to them, and promiscuous if anybody, a bridge
  /// for instance, wants it so. nil before Linux 6.0, which does not say who wants all multicasts.
  private static func flags(_ message: LinkMessage) -> UInt32? {
    guard let promiscuity = message.promiscuity, let listeners = message.allMulticast else { return nil }
    let own = message.flags & ~(running | lowerUp | linkIsDormant | promiscuous | allMulticast)
    return own | (promiscuity > 0 ? promiscuous : 0) | (listeners > 0 ? allMulticast : 0)
  }
}
