import Glibc

/// An IPv4 or IPv6 address with a port, as `getaddrinfo` answers it.
struct SocketAddress: Sendable, CustomStringConvertible {
  private var storage: sockaddr_storage
  private let count: socklen_t

  /// Copies `count` bytes; nil when that is not an IPv4 or IPv6 address.
  init?(_ address: UnsafePointer<sockaddr>, count: socklen_t) {
    let family = Int32(address.pointee.sa_family)
    guard family == AF_INET || family == AF_INET6, Int(count) <= MemoryLayout<sockaddr_storage>.size else {
      return nil
    }
    storage = sockaddr_storage()
    self.count = count
    withUnsafeMutableBytes(of: &storage) { $0.copyMemory(from: .init(start: address, count: Int(count))) }
  }

  /// The address at this end (`getsockname`) or the other (`getpeername`) of a connected socket.
  init?(asking query: (UnsafeMutablePointer<sockaddr>, inout socklen_t) -> Int32) {
    var storage = sockaddr_storage()
    var count = socklen_t(MemoryLayout<sockaddr_storage>.size)
    let answer = withUnsafeMutablePointer(to: &storage) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { query($0, &count) }
    }
    guard answer == 0 else { return nil }
    self.storage = storage
    self.count = count
  }

  var family: Int32 { Int32(storage.ss_family) }

  func withPointer<Answer>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Answer) -> Answer {
    withUnsafePointer(to: storage) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, count) }
    }
  }

  /// `192.0.2.1:7600`, `[2001:db8::1]:7600`.
  var description: String {
    let host = cText(capacity: Int(NI_MAXHOST)) { text in
      withPointer { address, count in
        getnameinfo(address, count, text, socklen_t(NI_MAXHOST), nil, 0, NI_NUMERICHOST) == 0
      }
    }
    return LinkTarget.join(host: host ?? "address of family \(family)", port: port)
  }

  private var port: UInt16 {
    // sin_port and sin6_port lie at the same place, behind the family.
    withUnsafeBytes(of: storage) { UInt16(bigEndian: $0.load(fromByteOffset: 2, as: UInt16.self)) }
  }
}

extension SocketAddress: Equatable {
  static func == (left: SocketAddress, right: SocketAddress) -> Bool {
    withUnsafeBytes(of: left.storage) { left in
      withUnsafeBytes(of: right.storage) { right in left.elementsEqual(right) }
    }
  }
}
