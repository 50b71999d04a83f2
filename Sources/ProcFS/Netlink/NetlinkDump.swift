internal import Glibc

/// The answer to a ``NetlinkRequest``, datagram by datagram: datagrams in, messages out, no socket.
///
/// Messages of another sequence number are left over from an answer that nobody waited for, and are passed over.
struct NetlinkDump {
  /// Whether the kernel has said that this was all.
  private(set) var isComplete = false
  /// Whether something changed while the kernel was listing: entries may be missing, or there twice.
  private(set) var wasInterrupted = false

  private let path: String
  private let sequence: UInt32
  private var messages = NetlinkMessages(UnsafeRawBufferPointer(start: nil, count: 0))
  private var count = 0

  /// - Parameter path: for errors.
  init(path: String, sequence: UInt32) {
    self.path = path
    self.sequence = sequence
  }

  /// Goes on with the next datagram, which must stay where it is until ``next()`` has given nil.
  mutating func receive(_ datagram: UnsafeRawBufferPointer) {
    messages = NetlinkMessages(datagram)
  }

  /// The next message; nil when the datagram is at its end, or the dump.
  mutating func next() throws(KernelError) -> NetlinkMessage? {
    while !isComplete, let message = messages.next() {
      guard message.sequence == sequence else { continue }
      count += 1
      if message.flags & Netlink.flagDumpInterrupted != 0 { wasInterrupted = true }
      if message.type >= Netlink.firstServiceType { return message }
      try control(message)
    }
    if messages.isBroken { throw malformed("the length of a message is wrong") }
    return nil
  }

  /// The error of the message that was last handed out.
  func malformed(_ reason: String) -> KernelError {
    .malformed(file: path, line: count, reason: reason)
  }

  private mutating func control(_ message: NetlinkMessage) throws(KernelError) {
    switch message.type {
    case Netlink.done:
      // Also a dump that failed on the way ends like this, with the error.
      try check(message.payload.integer(Int32.self) ?? 0)
      isComplete = true
    case Netlink.error:
      guard let code = message.payload.integer(Int32.self) else {
        throw malformed("an error without a number")
      }
      try check(code)
    case Netlink.overrun:
      throw .failing(path: path, errno: ENOBUFS)
    default:
      break
    }
  }

  private func check(_ code: Int32) throws(KernelError) {
    guard code < 0 else { return }
    throw KernelError(path: path, errno: code == .min ? EIO : -code)
  }
}
