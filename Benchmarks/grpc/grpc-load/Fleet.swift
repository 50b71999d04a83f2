import GRPC
import Link
import LoadLoop

/// All connections to the server, in one loop. Throws as soon as one of them fails.
final class Fleet {
  /// The longest that anything is waited for.
  private static let patience = Duration.seconds(180)
  private static let turnMaximum = Duration.milliseconds(100)

  let peers: [Peer]
  private let concurrency: Int
  private let epoll: Epoll
  /// Links that have more to do than epoll will tell.
  private var unfinished: [Peer] = []

  init(_ options: Options) throws {
    let request = try TestMessages.inputRequest(bytes: options.messageBytes)
    peers = (0..<options.connections).map { Peer($0, options, request: request) }
    concurrency = options.concurrency
    epoll = try Epoll(owners: options.connections)
  }

  /// Opens all connections, a bounded number at a time. Returns when the server has spoken on each.
  func open() throws {
    var waiting = peers[...]
    var opening: [Peer] = []
    try wait("connections to open") {
      opening.removeAll(where: \.isOpen)
      while opening.count < concurrency, let peer = waiting.popFirst() {
        peer.link.open(at: monotonic())
        try settle(peer, nil)
        opening.append(peer)
      }
      return opening.isEmpty
    }
  }

  /// Starts a call on every connection and gives its first message to the socket.
  func startCalls() throws {
    for peer in peers {
      try peer.startCall()
      peer.send()
      try flush(peer)
    }
    try drain()
  }

  /// Ends every call, and has the server's answer to each.
  func finishCalls() throws {
    for peer in peers {
      peer.halfClose()
      try flush(peer)
    }
    try wait("answers") { peers.allSatisfy(\.isAnswered) }
  }

  func drain() throws {
    try wait("messages to leave") { peers.allSatisfy(\.isDrained) }
  }

  func close() {
    for peer in peers { peer.link.close() }
  }

  /// Gives a connection's output to its socket.
  func flush(_ peer: Peer) throws {
    try settle(peer, peer.link.flush(at: monotonic()))
  }

  /// Takes turns until `isDone`.
  func wait(_ what: String, until isDone: () throws -> Bool) throws {
    let limit = monotonic() + Self.patience
    while try !isDone() {
      guard monotonic() < limit else { throw LoadError("waited \(Self.patience) for \(what)") }
      try turn(Self.turnMaximum)
    }
  }

  /// Handles what has happened, or happens within `time`.
  func turn(_ time: Duration) throws {
    let pending = unfinished
    unfinished = []
    for peer in pending { try settle(peer, peer.link.tick(at: monotonic())) }
    try epoll.wait(unfinished.isEmpty ? time : .zero) { owner, events in
      let peer = peers[owner]
      try settle(peer, peer.link.handle(revents: events, at: monotonic()))
    }
  }

  private func settle(_ peer: Peer, _ event: LinkEvent?) throws {
    peer.take(event)
    if let failure = peer.failure { throw LoadError("connection \(peer.index): \(failure)") }
    try epoll.watch(peer.index, peer.link.descriptor, for: peer.link.interest)
    if let due = peer.link.nextDeadline, due <= monotonic() { unfinished.append(peer) }
  }
}
