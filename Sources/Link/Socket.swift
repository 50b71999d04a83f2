import Glibc

/// Owner of one non-blocking TCP socket. Never raises SIGPIPE.
final class Socket {
  let descriptor: Int32
  private let traffic: Traffic

  /// Opens a socket for `address`. Throws what `socket` or `setsockopt` failed with.
  init(
    for address: SocketAddress, unacknowledgedTimeout: Duration, traffic: Traffic
  ) throws(SystemFailure) {
    self.traffic = traffic
    let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
    descriptor = try systemCall("socket") { socket(address.family, type, 0) }
    try set("TCP_NODELAY", Int32(IPPROTO_TCP), TCP_NODELAY, to: 1)
    try set("TCP_USER_TIMEOUT", Int32(IPPROTO_TCP), TCP_USER_TIMEOUT, to: unacknowledgedTimeout.milliseconds)
  }

  deinit { close(descriptor) }

  /// Begins to connect. `pendingFailure` says how it ended once the socket is writable.
  func connect(to address: SocketAddress) throws(SystemFailure) {
    do {
      try systemCall("connect") { address.withPointer { Glibc.connect(descriptor, $0, $1) } }
    } catch  where error.number == EINPROGRESS || error.number == EALREADY {
      // EALREADY: a signal interrupted the call, and the kernel went on connecting.
    }
  }

  /// The error that the kernel keeps for this socket (SO_ERROR), and forgets by telling it.
  func pendingFailure(_ call: StaticString) -> SystemFailure? {
    var number: Int32 = 0
    var count = socklen_t(MemoryLayout<Int32>.size)
    guard getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &number, &count) == 0 else {
      return SystemFailure(call: "getsockopt", number: errno)
    }
    return number == 0 ? nil : SystemFailure(call: call, number: number)
  }

  /// Whether the socket is connected, and to whom.
  enum Connection {
    case none
    case peer
    /// Nobody listened, and the kernel joined the socket with itself, having picked the very port that was asked for.
    case itself
  }

  var connection: Connection {
    let descriptor = self.descriptor
    guard let remote = SocketAddress(asking: { getpeername(descriptor, $0, &$1) }) else { return .none }
    return remote == SocketAddress(asking: { getsockname(descriptor, $0, &$1) }) ? .itself : .peer
  }

  /// Bytes received; 0 at the end of the peer's half.
  func receive(into buffer: UnsafeMutableRawBufferPointer) throws(SystemFailure) -> Int {
    let count = try systemCall("recv") { recv(descriptor, buffer.baseAddress, buffer.count, 0) }
    traffic.bytesReceived &+= UInt64(count)
    return count
  }

  /// Bytes that the kernel took, at least one.
  func send(_ bytes: UnsafeRawBufferPointer) throws(SystemFailure) -> Int {
    let flags = Int32(MSG_NOSIGNAL)
    let count = try systemCall("send") { Glibc.send(descriptor, bytes.baseAddress, bytes.count, flags) }
    traffic.bytesSent &+= UInt64(count)
    return count
  }

  /// Ends this side's half of the connection, behind everything sent.
  func finishSending() {
    _ = shutdown(descriptor, Int32(SHUT_WR))
  }

  private func set(_ name: StaticString, _ level: Int32, _ option: Int32, to value: Int32)
    throws(SystemFailure)
  {
    var value = value
    let count = socklen_t(MemoryLayout<Int32>.size)
    try systemCall(name) { setsockopt(descriptor, level, option, &value, count) }
  }
}

extension Duration {
  /// Whole milliseconds, clamped to what a socket option takes.
  fileprivate var milliseconds: Int32 {
    let (seconds, attoseconds) = components
    let limit = Int64(Int32.max) / 1000 - 1
    return Int32(min(max(seconds, 0), limit) * 1000 + max(attoseconds, 0) / 1_000_000_000_000_000)
  }
}
