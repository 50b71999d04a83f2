import GRPC
import Gzip

/// Conversations between our own client and server, as the bytes that each of them sent.
enum Conversation {
  /// What clients say: calls of each kind, one by one, and all at once.
  static var requests: [[UInt8]] {
    ServerMethods.paths.map { record([$0]).clientBytes } + [record(ServerMethods.paths).clientBytes]
  }

  /// What servers say to the four calls that `ClientTarget` has open.
  static var responses: [[UInt8]] {
    var router = Router()
    router.register("/fuzz.Fuzz/Any") { call throws(Status) in
      answer(call)
      return ObedientServerHandler(ServerActions(calls: noCalls))
    }
    let pipe = pipe(router)
    let calls = ClientCalls(pipe.client)
    for _ in 0..<4 {
      var script = Script(UnsafeRawBufferPointer(start: nil, count: 0))
      calls.start(&script, at: pipe.now)
    }
    pipe.settle()
    pipe.lose(client: true, server: true)
    return [pipe.serverBytes]
  }

  private static let noCalls = CallLog()

  /// Each call another way, by how many there are.
  private static func answer(_ call: ServerCall) {
    switch call.connection.openCallCount {
    case 1:
      for size in [0, 10, 1000] { call.sendMessage { $0 += [UInt8](repeating: 0, count: size) } }
      call.finish(.ok, trailers: ["mood": "good"])
    case 2: call.finish(Status(.notFound, "no such thing: Grüße 100%\n"))
    case 3:
      call.compressResponses(with: .gzip)
      call.sendMessage { $0 += [UInt8](repeating: 0, count: 1000) }
    default: call.sendHeaders(["x": "y"])
    }
  }

  private static func record(_ paths: [String]) -> Pipe {
    let log = CallLog()
    let pipe = pipe(ServerMethods.router(log))
    let calls = ClientCalls(pipe.client)
    for path in paths {
      let handler = ClientWitness(calls)
      guard
        let call = try? pipe.client.start(
          path, metadata: ["x-bin": "AQI"], timeout: .seconds(5), handler: handler)
      else { continue }
      handler.started(call)
      for message in [[0, 3, 1, 2, 3], [9, 0, 4], []] as [[UInt8]] { call.sendMessage { $0 += message } }
      call.halfClose()
      pipe.settle()
    }
    pipe.lose(client: true, server: true)
    return pipe
  }

  private static func pipe(_ router: Router) -> Pipe {
    let start = Instant(nanoseconds: 0)
    var client = ClientConfiguration()
    client.codecs = [.gzip]
    var server = ServerConfiguration()
    server.codecs = [.gzip]
    return Pipe(
      ClientConnection(configuration: client, authority: "fuzz", scheme: "http", at: start),
      ServerConnection(configuration: server, router: router, peer: "fuzz", at: start), pieces: 0)
  }
}
