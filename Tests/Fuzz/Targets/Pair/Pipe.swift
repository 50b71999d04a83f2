import GRPC

/// A client and a server connection, and the bytes that are on their way between them.
final class Pipe {
  let client: ClientConnection
  let server: ServerConnection
  private let clientStage: Stage
  private let serverStage: Stage
  private var toServer: [UInt8] = []
  private var toClient: [UInt8] = []
  private let pieces: Int
  private var isCut = false

  /// All that the client, and the server, ever sent, for `Seeds`.
  private(set) var clientBytes: [UInt8] = []
  private(set) var serverBytes: [UInt8] = []

  init(_ client: ClientConnection, _ server: ServerConnection, pieces: Int) {
    self.client = client
    self.server = server
    self.pieces = pieces
    clientStage = Stage(client, isClient: true)
    serverStage = Stage(server, isClient: false)
  }

  var now: Instant { clientStage.now }

  /// Whether nothing has cut the connection; it may have come to its end.
  var isSound: Bool {
    !isCut && client.counters.keepalivesTimedOut == 0 && server.counters.keepalivesTimedOut == 0
      && server.counters.frameTimeouts == 0
  }

  func tick(after duration: Duration) {
    clientStage.tick(after: duration)
    serverStage.tick(after: duration)
  }

  /// Takes what the client sends, so many chunks at most.
  func takeFromClient(_ chunks: Int = .max) {
    clientStage.take(chunks) {
      toServer += $0
      clientBytes += $0
    }
  }

  func takeFromServer(_ chunks: Int = .max) {
    serverStage.take(chunks) {
      toClient += $0
      serverBytes += $0
    }
  }

  func deliverToServer(_ count: Int = .max) { deliver(&toServer, count, serverStage) }

  func deliverToClient(_ count: Int = .max) { deliver(&toClient, count, clientStage) }

  private func deliver(_ queue: inout [UInt8], _ count: Int, _ stage: Stage) {
    let bytes = Array(queue.prefix(count))
    queue.removeFirst(bytes.count)
    stage.receive(bytes, pieces: pieces)
  }

  /// Delivers everything, and what comes of it, until both sides are silent.
  func settle() {
    for _ in 0..<10_000 {
      takeFromClient()
      takeFromServer()
      if toServer.isEmpty, toClient.isEmpty { return }
      deliverToServer()
      deliverToClient()
    }
    fatalError("two ends that have nothing to say do not fall silent")
  }

  /// One side ends it, and all calls with it.
  func close(_ side: ClientConnection) {
    isCut = true
    side.close()
  }

  func close(_ side: ServerConnection) {
    isCut = true
    side.close()
  }

  /// What is on its way is lost, too.
  func lose(client: Bool, server: Bool) {
    isCut = true
    if client { clientStage.lose() }
    if server { serverStage.lose() }
    toServer = []
    toClient = []
  }
}
