import Glibc
import ProcFS

/// A connection to a Unix socket that never waits.
final class StreamSocket {
  /// What became of receiving.
  enum Received {
    case bytes(Int)
    case nothingYet
    case ended(errno: Int32)
  }

  private let descriptor: Int32
  private let path: String
  private var unsent: [UInt8] = []

  /// Connects.
  init(path: String) throws(KernelError) {
    self.path = path
    descriptor = socket(
      AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
    guard descriptor >= 0 else { throw KernelError(path: path, errno: errno) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let isShort = withUnsafeMutableBytes(of: &address.sun_path) { room in
      guard path.utf8.count < room.count else { return false }
      room.copyBytes(from: path.utf8)
      return true
    }
    guard isShort else { throw KernelError(path: path, errno: ENAMETOOLONG) }
    let result = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    // A socket that nobody listens on is what an ended service leaves behind.
    if result != 0 { throw KernelError(path: path, errno: errno == ECONNREFUSED ? ENOENT : errno) }
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  /// Sends, or keeps what the other side does not take yet: the next call sends it.
  func send(_ bytes: [UInt8]) throws(KernelError) {
    unsent += bytes
    while !unsent.isEmpty {
      let count = Glibc.send(descriptor, unsent, unsent.count, Int32(MSG_NOSIGNAL))
      if count < 0 {
        if errno == EINTR { continue }
        if errno == EAGAIN { return }
        throw KernelError(path: path, errno: errno)
      }
      unsent.removeFirst(count)
    }
  }

  /// Receives what is there, into the buffer's start.
  func receive(into buffer: UnsafeMutableRawBufferPointer) -> Received {
    while true {
      let count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
      if count > 0 { return .bytes(count) }
      if count == 0 { return .ended(errno: ECONNRESET) }
      if errno == EAGAIN { return .nothingYet }
      if errno != EINTR { return .ended(errno: errno) }
    }
  }

  /// Waits until there is something to receive, or to send, so long at most.
  func wait(nanoseconds: Int64) {
    let events = Int16(POLLIN) | (unsent.isEmpty ? 0 : Int16(POLLOUT))
    var entry = pollfd(fd: descriptor, events: events, revents: 0)
    _ = poll(&entry, 1, Int32(clamping: (nanoseconds + 999_999) / 1_000_000))
  }
}
