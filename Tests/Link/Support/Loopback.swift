import Glibc

/// Sockets on 127.0.0.1, blocking only where nothing can block.
enum Loopback {
  /// A non-blocking listener on a free port.
  static func listen(backlog: Int32) -> (descriptor: Int32, port: UInt16) {
    let descriptor = socket(
      AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue), 0)
    var address = Self.address(port: 0)
    var count = socklen_t(MemoryLayout<sockaddr_in>.size)
    withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        _ = bind(descriptor, $0, count)
        _ = Glibc.listen(descriptor, backlog)
        _ = getsockname(descriptor, $0, &count)
      }
    }
    return (descriptor, UInt16(bigEndian: address.sin_port))
  }

  /// A port of 127.0.0.1 where nobody listens.
  static func closedPort() -> UInt16 {
    let (descriptor, port) = listen(backlog: 1)
    close(descriptor)
    return port
  }

  static func address(port: UInt16) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    return address
  }
}

/// A port that answers nothing: its listener accepts nobody and its queue is full, so the kernel drops every SYN.
final class BlackHole {
  let port: UInt16
  private var descriptors: [Int32] = []

  init() {
    let (listener, port) = Loopback.listen(backlog: 0)
    self.port = port
    descriptors = [listener]
    for _ in 0..<4 {
      let filler = socket(
        AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue), 0)
      var address = Loopback.address(port: port)
      withUnsafeMutablePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          _ = connect(filler, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
      }
      descriptors.append(filler)
    }
  }

  deinit { descriptors.forEach { close($0) } }
}
