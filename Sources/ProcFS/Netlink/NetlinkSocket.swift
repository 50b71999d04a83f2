internal import Glibc

/// A netlink(7) socket that asks one service of the kernel for dumps, or listens to what it tells unasked.
///
/// It never blocks: the kernel makes an answer while it is being asked for and read, so there is always something to
/// read until the end. It is opened when first used; after an error it is closed, and what was under way is gone
/// with it. Not thread-safe: it has one owner.
///
/// No privilege is needed, but a unit with `RestrictAddressFamilies=` must list AF_NETLINK.
final class NetlinkSocket {
  /// Whom to ask.
  enum Service: Int32 {
    /// `NETLINK_ROUTE`: links and addresses.
    case route = 0
    /// `NETLINK_SOCK_DIAG`: sockets.
    case socketDiagnosis = 4

    /// What it is called in errors.
    var path: String {
      switch self {
      case .route: "netlink/route"
      case .socketDiagnosis: "netlink/sock_diag"
      }
    }
  }

  /// A dump that was interrupted by a change is begun again until it has been tried as often as this.
  static let maximumAttempts = 3
  /// A dump of more datagrams is an error.
  static let maximumDatagrams = 65_536
  /// The kernel fills datagrams of a dump up to this size, if the reader has room.
  static let datagramBytes = 32 << 10

  /// The name in errors.
  let path: String
  private let service: Service
  private let groups: UInt32
  private var descriptor: Int32 = -1
  private var sequence: UInt32 = 0
  private var dump: NetlinkDump
  private var datagrams = 0

  /// - Parameter groups: what to listen to, as a mask of `RTMGRP_…`.
  init(_ service: Service, groups: UInt32 = 0) {
    self.service = service
    self.groups = groups
    path = service.path
    dump = NetlinkDump(path: path, sequence: 0)
  }

  deinit {
    release()
  }

  /// Whether the dump under way must be begun again, because something changed meanwhile.
  var wasInterrupted: Bool { dump.wasInterrupted }

  /// Asks. What is left of an answer before is dropped.
  func begin(_ request: inout NetlinkRequest) throws(KernelError) {
    // The kernel refuses a question while it has not told all of the answer to the one before.
    if !dump.isComplete { release() }
    try open()
    sequence &+= 1
    request.number(sequence)
    dump = NetlinkDump(path: path, sequence: sequence)
    datagrams = 0
    let sent = request.bytes.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, 0) }
    guard sent == request.bytes.count else { throw fail(errno) }
  }

  /// The next message of the answer; nil at its end. It lies in `buffer`, which nobody else may use until the next
  /// call, and must be the same one.
  @inline(__always)
  func next(into buffer: inout ReadBuffer) throws(KernelError) -> NetlinkMessage? {
    while true {
      if let message = try nextOfDatagram() { return message }
      if dump.isComplete { return nil }
      try receive(into: &buffer)
    }
  }

  /// The next message of the datagram that was read last; nil at its end.
  func nextOfDatagram() throws(KernelError) -> NetlinkMessage? {
    do {
      return try dump.next()
    } catch {
      release()
      throw error
    }
  }

  /// Whether the answer is at its end.
  var isComplete: Bool { dump.isComplete }

  /// Reads the next datagram of the answer, of which there must be one.
  func receive(into buffer: inout ReadBuffer) throws(KernelError) {
    datagrams += 1
    guard datagrams <= Self.maximumDatagrams else { throw fail(EMSGSIZE) }
    guard let datagram = try read(into: &buffer) else { throw fail(EAGAIN) }
    dump.receive(datagram)
  }

  /// What the kernel has told unasked.
  enum Notification {
    /// Messages that lie in the buffer.
    case datagram(UnsafeRawBufferPointer)
    /// Nothing more, for now.
    case none
    /// More than the socket holds: some of it is lost (ENOBUFS), and the socket is closed.
    case overrun
  }

  /// What the kernel has told unasked since.
  func notification(into buffer: inout ReadBuffer) throws(KernelError) -> Notification {
    do {
      return try read(into: &buffer).map { .datagram($0) } ?? .none
    } catch {
      if error == .failing(path: path, errno: ENOBUFS) { return .overrun }
      throw error
    }
  }

  /// The error of the message that was last handed out; the answer is of no use then.
  func malformed(_ reason: String) -> KernelError {
    release()
    return dump.malformed(reason)
  }
}

extension NetlinkSocket {
  /// Whether it is open, with everything told since then.
  var isOpen: Bool { descriptor >= 0 }

  func open() throws(KernelError) {
    guard descriptor < 0 else { return }
    let type = SOCK_RAW.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue
    descriptor = socket(AF_NETLINK, Int32(type), service.rawValue)
    guard descriptor >= 0 else { throw refusal(errno) }
    guard groups != 0 else { return }
    var address = Address(groups: groups)
    let bound = address.withSocketAddress { bind(descriptor, $0, $1) }
    guard bound == 0 else { throw fail(errno) }
  }

  private func read(into buffer: inout ReadBuffer) throws(KernelError) -> UnsafeRawBufferPointer? {
    while buffer.memory.count < Self.datagramBytes, buffer.grow(keeping: 0) {}
    while true {
      let memory = buffer.memory
      var sender = Address(groups: 0)
      let count = sender.withSocketAddress { address, length in
        var length = length
        return recvfrom(
          descriptor, memory.baseAddress, memory.count, Int32(MSG_TRUNC), address, &length)
      }
      if count < 0 {
        if errno == EINTR { continue }
        if errno == EAGAIN { return nil }
        throw fail(errno)
      }
      // Another process may write to this socket, too, if it is root's.
      guard sender.port == 0 else { continue }
      if count > memory.count {
        while buffer.memory.count < count, buffer.grow(keeping: 0) {}
        throw fail(EMSGSIZE)
      }
      return UnsafeRawBufferPointer(rebasing: memory[..<count])
    }
  }

  private func fail(_ code: Int32) -> KernelError {
    release()
    return KernelError(path: path, errno: code)
  }

  /// Why there is no socket. A seccomp filter of systemd answers EAFNOSUPPORT.
  private func refusal(_ code: Int32) -> KernelError {
    switch code {
    case EAFNOSUPPORT, EACCES, EPERM:
      .denied(path: path + " (RestrictAddressFamilies= of the unit must list AF_NETLINK)", errno: code)
    case EPROTONOSUPPORT: .unsupported(path: path, errno: code)
    default: KernelError(path: path, errno: code)
    }
  }

  private func release() {
    guard descriptor >= 0 else { return }
    close(descriptor)
    descriptor = -1
  }
}

/// struct sockaddr_nl of <linux/netlink.h>.
private struct Address {
  private let family = UInt16(AF_NETLINK)
  private let padding: UInt16 = 0
  private(set) var port: UInt32 = 0
  private let groups: UInt32

  init(groups: UInt32) {
    self.groups = groups
  }

  mutating func withSocketAddress<Result>(
    _ body: (UnsafeMutablePointer<sockaddr>, socklen_t) -> Result
  ) -> Result {
    let size = socklen_t(MemoryLayout<Address>.size)
    return withUnsafeMutablePointer(to: &self) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, size) }
    }
  }
}
