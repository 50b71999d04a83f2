import GRPC
import Glibc

/// The other end on 127.0.0.1: a listening socket and the one connection it accepted, stepped by the test's loop.
final class Peer {
  enum Talk {
    /// Our own server half.
    case grpc(Router)
    /// These bytes, and then nothing more.
    case says([UInt8])
    /// Closes as soon as it has received this many bytes.
    case hangsUp(afterBytes: Int)
  }

  /// What happens to the bytes on their way to the link, counted from the first.
  enum Damage {
    /// The connection ends behind so many.
    case cut(Int)
    /// This one arrives with its bits inverted.
    case flip(Int)
  }

  private let talk: Talk
  private let damage: Damage?
  private var sentCount = 0
  private let tlsSettings: ServerTLS.Settings?
  /// At most so many bytes are read and written in one step.
  private let chunk: Int
  private var listener: Int32
  private(set) var socket: Int32 = -1
  private(set) var tls: ServerTLS?
  private(set) var grpc: ServerConnection?
  private(set) var received: [UInt8] = []
  private(set) var connectionCount = 0
  /// The client's half has ended.
  private(set) var sawEnd = false
  let port: UInt16

  private var pending: [UInt8] = []

  init(_ talk: Talk, tls: ServerTLS.Settings? = nil, chunk: Int = 65536, damage: Damage? = nil) {
    self.talk = talk
    self.damage = damage
    self.tlsSettings = tls
    self.chunk = chunk
    (listener, port) = Loopback.listen(backlog: 8)
  }

  deinit {
    hangUp()
    stopListening()
  }

  func stopListening() {
    if listener >= 0 { close(listener) }
    listener = -1
  }

  /// Closes the connection as a program that ends does.
  func hangUp() {
    if socket >= 0 { close(socket) }
    socket = -1
  }

  /// Closes so that the other end sees a reset.
  func reset() {
    var linger = Glibc.linger(l_onoff: 1, l_linger: 0)
    setsockopt(socket, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
    hangUp()
  }

  /// Ends this half only.
  func halfClose() { shutdown(socket, Int32(SHUT_WR)) }

  func send(_ bytes: [UInt8]) {
    if let tls { tls.send(bytes) } else { pending += bytes }
  }

  var watched: [pollfd] {
    var list = [pollfd(fd: listener, events: Int16(POLLIN), revents: 0)]
    if socket >= 0, !sawEnd {
      let events = pending.isEmpty ? POLLIN : POLLIN | POLLOUT
      list.append(pollfd(fd: socket, events: Int16(events), revents: 0))
    }
    return list
  }

  /// Moves what can be moved.
  func step(at now: Instant) {
    accept(at: now)
    guard socket >= 0 else { return }
    receive(at: now)
    guard socket >= 0 else { return }
    if let grpc {
      grpc.tick(at: now)
      while grpc.takeOutput({ send(Array($0)) }) {}
    }
    if let tls { pending += tls.output() }
    flush()
    if let tls, tls.hasFailed, pending.isEmpty { hangUp() }
    if let grpc, grpc.isFinished, pending.isEmpty, grpc.openCallCount == 0 { hangUp() }
  }

  private func accept(at now: Instant) {
    guard socket < 0, listener >= 0 else { return }
    socket = Glibc.accept(listener, nil, nil)
    guard socket >= 0 else { return }
    _ = fcntl(socket, F_SETFL, O_NONBLOCK)
    connectionCount += 1
    sawEnd = false
    pending = []
    tls = tlsSettings.map { ServerTLS($0) }
    switch talk {
    case .grpc(let router):
      grpc = ServerConnection(configuration: .init(), router: router, peer: "test", at: now)
    case .says(let bytes): pending = bytes
    case .hangsUp: break
    }
  }

  private func receive(at now: Instant) {
    var buffer = [UInt8](repeating: 0, count: chunk)
    let count = recv(socket, &buffer, buffer.count, 0)
    if count == 0 {
      sawEnd = true
      grpc?.connectionLost(at: now)
    }
    guard count > 0 else { return }
    let wire = Array(buffer.prefix(count))
    let payload = tls?.receive(wire) ?? wire
    received += payload
    if let grpc, !payload.isEmpty { payload.withUnsafeBytes { grpc.receive($0, at: now) } }
    if case .hangsUp(let limit) = talk, received.count >= limit || tls != nil { hangUp() }
  }

  private func flush() {
    guard !pending.isEmpty else { return }
    var part = Array(pending.prefix(chunk))
    if case .flip(let position) = damage, part.indices.contains(position - sentCount) {
      part[position - sentCount] ^= 0xff
    }
    if case .cut(let position) = damage { part = Array(part.prefix(position - sentCount)) }
    let count = Glibc.send(socket, part, part.count, Int32(MSG_NOSIGNAL))
    if count > 0 {
      pending.removeFirst(count)
      sentCount += count
    }
    if case .cut(sentCount) = damage { hangUp() }
  }
}
