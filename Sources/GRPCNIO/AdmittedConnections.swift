import Glibc
import NIOCore

/// Who may connect: so many connections in all, so many from one address, and at the limit whoever has not yet spoken
/// HTTP/2 makes room. Connections that are only begun therefore never keep out those that mean it.
struct AdmittedConnections<Connection> {
  enum Admission {
    case admitted
    /// The oldest connection that is still opening has to go; it is no longer in the books.
    case inPlaceOf(Connection)
    case refusedOverLimit
    case refusedForAddress
  }

  private struct Entry {
    let connection: Connection
    let address: PeerAddress
    var isOpening = true
  }

  private let maximum: Int
  private let maximumPerAddress: Int
  private var entries: [ObjectIdentifier: Entry] = [:]
  private var countByAddress: [PeerAddress: Int] = [:]
  /// In the order of arrival, from `nextOpening` on; those that are no longer opening are passed over.
  private var openings: [ObjectIdentifier] = []
  private var nextOpening = 0

  init(maximum: Int, maximumPerAddress: Int?) {
    self.maximum = maximum
    self.maximumPerAddress = maximumPerAddress ?? .max
  }

  var count: Int { entries.count }
  var isEmpty: Bool { entries.isEmpty }
  var all: [Connection] { entries.values.map(\.connection) }

  mutating func admit(
    _ connection: Connection, _ id: ObjectIdentifier, from address: PeerAddress
  ) -> Admission {
    guard countByAddress[address, default: 0] < maximumPerAddress else { return .refusedForAddress }
    var displaced: Connection?
    if entries.count >= maximum {
      displaced = takeOldestOpening()
      if displaced == nil { return .refusedOverLimit }
    }
    entries[id] = Entry(connection: connection, address: address)
    countByAddress[address, default: 0] += 1
    openings.append(id)
    return displaced.map { .inPlaceOf($0) } ?? .admitted
  }

  /// The connection speaks HTTP/2.
  mutating func opened(_ id: ObjectIdentifier) {
    entries[id]?.isOpening = false
    forgetSettledOpenings()
  }

  /// The connection is gone.
  mutating func remove(_ id: ObjectIdentifier) {
    guard let entry = entries.removeValue(forKey: id) else { return }
    let left = countByAddress[entry.address, default: 1] - 1
    countByAddress[entry.address] = left > 0 ? left : nil
    forgetSettledOpenings()
  }

  private mutating func takeOldestOpening() -> Connection? {
    forgetSettledOpenings()
    guard nextOpening < openings.count else { return nil }
    let id = openings[nextOpening]
    defer { remove(id) }
    return entries[id]?.connection
  }

  /// Moves on to the oldest that is still opening; what lies before it is cut off when it is the larger part.
  private mutating func forgetSettledOpenings() {
    while nextOpening < openings.count, entries[openings[nextOpening]]?.isOpening != true { nextOpening += 1 }
    guard nextOpening > openings.count / 2 else { return }
    openings.removeFirst(nextOpening)
    nextOpening = 0
  }
}

/// Where connections come from, for counting them: an IPv4 address, or the /64 network of an IPv6 address, which is
/// what one machine is usually given.
struct PeerAddress: Hashable, Sendable {
  private var bytes: UInt64 = 0
  private var isIPv6 = false

  /// What has no IP address counts as one.
  init(_ address: SocketAddress?) {
    switch address {
    case .v4: bytes = UInt64(Self.read(UInt32.self, of: address, \sockaddr_in.sin_addr))
    case .v6:
      let low = Self.read(UInt64.self, of: address, \sockaddr_in6.sin6_addr, at: 8)
      bytes = Self.read(UInt64.self, of: address, \sockaddr_in6.sin6_addr)
      isIPv6 = true
      // An IPv4 address on an IPv6 socket: ::ffff:a.b.c.d (RFC 4291, 2.5.5.2).
      if bytes == 0, low >> 32 == 0xffff { (bytes, isIPv6) = (low & 0xffff_ffff, false) }
    case .unixDomainSocket, nil: isIPv6 = true
    }
  }

  /// Part of an address, as the kernel lays it out.
  private static func read<Layout, Field, Number: FixedWidthInteger & BitwiseCopyable>(
    _ type: Number.Type, of address: SocketAddress?, _ field: KeyPath<Layout, Field>, at offset: Int = 0
  ) -> Number {
    guard let address, let start = MemoryLayout<Layout>.offset(of: field) else { return 0 }
    return address.withSockAddr { pointer, size in
      guard start + offset + MemoryLayout<Number>.size <= size else { return 0 }
      let number = UnsafeRawPointer(pointer).loadUnaligned(fromByteOffset: start + offset, as: type)
      return Number(bigEndian: number)
    }
  }
}
