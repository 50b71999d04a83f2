import Glibc
import ProcFS

/// Carries a ``SystemdConversation`` over a socket, without ever waiting: what is not there yet is there in a later pass.
///
/// Root speaks to systemd itself, so that the bus is spared; others by way of the system bus. The connection is kept: to
/// make one is news to all who watch the bus.
struct SystemdLink {
  /// How long an answer may take: 10 s.
  static let deadlineNanoseconds: Int64 = 10_000_000_000
  /// Received at a time, and in a pass: what is more waits for the next one.
  private static let chunkBytes = 64 << 10
  private static let maximumChunks = 16

  private let root: ProcRoot
  private let isRoot: Bool
  private let wantsType: (SystemdConversation.Unit) -> Bool
  private var path = ""
  private var socket: StreamSocket?
  private var conversation: SystemdConversation?
  private var askedAt: Int64 = 0

  init(root: ProcRoot, isRoot: Bool, wantsType: @escaping (SystemdConversation.Unit) -> Bool) {
    self.root = root
    self.isRoot = isRoot
    self.wantsType = wantsType
  }

  /// Whether an answer is waited for.
  var isWaiting: Bool { conversation?.isWaiting ?? false }

  /// Asks, on a new connection if there is none.
  mutating func ask(at now: Int64) throws(KernelError) {
    if conversation == nil { try connect() }
    askedAt = now
    conversation?.ask()
    try flush()
  }

  /// Takes in what is there by now. Returns an answer that is complete.
  mutating func receive(at now: Int64) throws(KernelError) -> SystemdConversation.Answer? {
    guard let socket, conversation != nil else { return nil }
    var answer: SystemdConversation.Answer?
    for _ in 0..<Self.maximumChunks {
      let outcome = withUnsafeTemporaryAllocation(byteCount: Self.chunkBytes, alignment: 16) {
        buffer -> Result<StreamSocket.Received, KernelError> in
        let received = socket.receive(into: buffer)
        guard case .bytes(let count) = received else { return .success(received) }
        do throws(DBusError) {
          let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<count])
          answer = try conversation?.receive(bytes) ?? answer
          return .success(received)
        } catch {
          return .failure(KernelError(error, path: path))
        }
      }
      switch outcome {
      case .success(.bytes): try flush()
      case .success(.nothingYet):
        if isWaiting, now - askedAt > Self.deadlineNanoseconds { throw hangUp(ETIMEDOUT) }
        return answer
      case .success(.ended(let code)):
        if isWaiting { throw hangUp(code) }
        // It was started again, and owed nothing; the next question makes another connection.
        hangUp()
        return answer
      case .failure(let error):
        hangUp()
        throw error
      }
    }
    return answer
  }

  /// Waits until there is more, so long at most.
  func wait(nanoseconds: Int64) { socket?.wait(nanoseconds: nanoseconds) }

  /// Ends the connection.
  mutating func hangUp() {
    socket = nil
    conversation = nil
  }

  private mutating func hangUp(_ code: Int32) -> KernelError {
    hangUp()
    return KernelError(path: path, errno: code)
  }

  private mutating func connect() throws(KernelError) {
    let own = root.path(of: "run/systemd/private")
    let isBus = !isRoot || access(own, F_OK) != 0
    path = isBus ? root.path(of: "run/dbus/system_bus_socket") : own
    socket = try StreamSocket(path: path)
    conversation = SystemdConversation(isBus: isBus, wantsType: wantsType)
  }

  private mutating func flush() throws(KernelError) {
    let output = conversation?.takeOutput() ?? []
    do throws(KernelError) {
      try socket?.send(output)
    } catch {
      hangUp()
      throw error
    }
  }
}

extension KernelError {
  /// What a peer said that is no answer.
  fileprivate init(_ error: DBusError, path: String) {
    switch error {
    case .malformed(let reason): self = .malformed(file: path, line: 1, reason: reason)
    case .tooLarge(let limit): self = .tooLarge(path: path, limit: limit)
    case .rejected: self = .denied(path: path, errno: EACCES)
    case .failed(let name):
      let words = "\(path) (\(name))"
      switch name.split(separator: ".").last {
      case "AccessDenied", "AuthFailed": self = .denied(path: words, errno: EACCES)
      case "ServiceUnknown", "NameHasNoOwner": self = .unsupported(path: words, errno: ENOENT)
      default: self = .failing(path: words, errno: EPROTO)
      }
    }
  }
}
