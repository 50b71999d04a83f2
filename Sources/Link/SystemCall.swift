import Glibc

/// A system call that failed: which, and its `errno`.
struct SystemFailure: Error, CustomStringConvertible {
  let call: StaticString
  let number: Int32

  /// "connect: Connection refused".
  var description: String { "\(call): \(reason)" }

  var reason: String { String(cString: strerror(number)) }

  /// The call would have had to wait: not a failure of the socket.
  var isBlocked: Bool { number == EAGAIN || number == EWOULDBLOCK }
}

/// Runs a system call, again as long as a signal interrupts it, and throws what `errno` says when it answers -1.
@discardableResult
@inline(__always)
func systemCall<Answer: FixedWidthInteger & SignedInteger>(
  _ name: StaticString, _ call: () -> Answer
) throws(SystemFailure) -> Answer {
  while true {
    let answer = call()
    if answer != -1 { return answer }
    let number = errno
    if number != EINTR { throw SystemFailure(call: name, number: number) }
  }
}
