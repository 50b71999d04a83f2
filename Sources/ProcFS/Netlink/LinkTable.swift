internal import Glibc

/// What the kernel says of network interfaces beside their traffic: state, addresses, properties.
///
/// One netlink dump (`RTM_GETLINK`, rtnetlink(7)) tells nearly all of it; what it lacks is in ``LinkFolder``. The numbers
/// are those that /sys/class/net shows.
public struct LinkTable {
  /// A property that is a number.
  public enum Number: Int, CaseIterable, Sendable {
    case addressAssignType, carrier, carrierChanges, carrierDownChanges, carrierUpChanges, deviceID, dormant
    case flags, index, link, linkMode, mtu, nameAssignType, group, type, speed, queueLength
  }

  /// The words for RFC 2863's operational states, by their numbers.
  public static let operStates: [StaticString] = [
    "unknown", "notpresent", "down", "lowerlayerdown", "testing", "dormant", "up",
  ]
  /// The state of one that works, among them.
  public static let operationalUp = 6

  /// The interfaces, in the kernel's order.
  public internal(set) var links: [NetworkLink] = []
  /// Names and addresses of ``links``.
  var text: [UInt8] = []

  private let socket = NetlinkSocket(.route)
  private var request = NetlinkRequest.links

  /// Nothing read yet.
  public init() {}

  /// A piece of text as a string; what is not UTF-8 in it is repaired.
  public func string(_ range: TextRange) -> String {
    String(decoding: text[range.offset..<range.offset + range.count], as: UTF8.self)
  }

  /// Appends all that is known of one of ``links``, so that two lookings can be compared.
  public func appendFacts(of link: NetworkLink, to bytes: inout [UInt8]) {
    link.appendNumbers(to: &bytes)
    append(link.address, to: &bytes)
    append(link.broadcast, to: &bytes)
    append(link.alias, to: &bytes)
  }

  private func append(_ range: TextRange, to bytes: inout [UInt8]) {
    bytes.append(UInt8(truncatingIfNeeded: range.count))
    bytes.append(contentsOf: text[range.offset..<range.offset + range.count])
  }

  /// Asks netlink, and replaces the interfaces by those of this process's network namespace whose names are to be
  /// kept. After an error they are incomplete.
  public mutating func read(
    into buffer: inout ReadBuffer, keeping keeps: (UnsafeRawBufferPointer) -> Bool
  ) throws(KernelError) {
    for _ in 0..<NetlinkSocket.maximumAttempts {
      removeAll()
      try socket.begin(&request)
      while let message = try socket.next(into: &buffer) {
        guard message.type == Netlink.newLink else { continue }
        guard let link = LinkMessage(message.payload) else { throw socket.malformed("a link is expected") }
        guard !link.name.isEmpty, keeps(link.name) else { continue }
        guard append(link) else { throw socket.malformed("more than \(LinkNames.maximumLinks) links") }
      }
      if !socket.wasInterrupted { return }
    }
    throw .failing(path: socket.path, errno: EINTR)
  }

  mutating func removeAll() {
    links.removeAll(keepingCapacity: true)
    text.removeAll(keepingCapacity: true)
  }

  /// False if there are too many.
  mutating func append(_ message: LinkMessage) -> Bool {
    guard links.count < LinkNames.maximumLinks else { return false }
    var link = NetworkLink(name: append(message.name))
    link.address = append(hexadecimal: message.address)
    link.broadcast = append(hexadecimal: message.broadcast)
    link.alias = append(message.alias)
    link.take(message)
    links.append(link)
    return true
  }

  mutating func append(_ bytes: some Collection<UInt8>) -> TextRange {
    defer { text.append(contentsOf: bytes) }
    return TextRange(offset: text.count, count: bytes.count)
  }

  /// `02:fc:00:00:00:01`
  private mutating func append(hexadecimal bytes: UnsafeRawBufferPointer) -> TextRange {
    let start = text.count
    for byte in bytes {
      if text.count > start { text.append(UInt8(ascii: ":")) }
      text.append(Self.digit(byte >> 4))
      text.append(Self.digit(byte & 15))
    }
    return TextRange(offset: start, count: text.count - start)
  }

  private static func digit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") - 10 + value
  }
}
