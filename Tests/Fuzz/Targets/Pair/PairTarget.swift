import Gzip

@testable import GRPC

/// Our client and our server, and a pipe between them that the script delivers as it likes. Every message arrives as
/// it was sent, or its call ends with a status that both ends agree on; neither end ever accuses the other.
enum PairTarget {
  static func run(_ input: UnsafeRawBufferPointer) {
    var script = Script(input)
    let scene = PairScene(&script)
    scene.play(&script)
    scene.settle()
    scene.end()
  }

  static let path = "/fuzz.Fuzz/Pair"

  static func clientConfiguration(_ setup: UInt8) -> ClientConfiguration {
    var configuration = ClientConfiguration()
    configuration.codecs = [.gzip]
    configuration.limits = limits(setup)
    return configuration
  }

  static func serverConfiguration(_ setup: UInt8) -> ServerConfiguration {
    var configuration = ServerConfiguration()
    configuration.codecs = [.gzip]
    configuration.limits = limits(setup)
    configuration.pings.minimumInterval = .zero
    configuration.pings.withoutCalls = true
    if setup & 8 != 0 { configuration.maximumConcurrentStreams = 2 }
    return configuration
  }

  private static func limits(_ setup: UInt8) -> ConnectionLimits {
    var limits = ConnectionLimits()
    if setup & 1 != 0 { limits.initialStreamWindowBytes = 500 }
    if setup & 2 != 0 { limits.connectionWindowBytes = 70_000 }
    if setup & 4 != 0 {
      limits.writeHighWaterBytes = 512
      limits.writeLowWaterBytes = 128
      limits.maximumBufferedBytes = 100_000
    }
    if setup & 16 != 0 {
      limits.keepaliveInterval = .seconds(1)
      limits.keepaliveWithoutCalls = true
    }
    return limits
  }
}

/// The calls by their numbers. Sendable unchecked: a fuzz target has one thread.
private final class PairCalls: @unchecked Sendable {
  var all: [PairCall] = []

  /// The call that a request belongs to says so itself.
  func arrived(_ call: ServerCall) -> PairCall {
    guard let number = call.metadata.first("number").flatMap({ Int($0) }), all.indices.contains(number) else {
      fatalError("a call without its number arrives")
    }
    all[number].arrived(call)
    return all[number]
  }
}

private final class PairScene {
  /// Fewer than a server counts as an attack when all are cancelled.
  private static let callsMaximum = 200

  private let calls = PairCalls()
  private let pipe: Pipe

  init(_ script: inout Script) {
    var router = Router()
    router.register(PairTarget.path) { [calls] call throws(Status) in
      let pair = calls.arrived(call)
      if call.metadata.first("compress") != nil { call.compressResponses(with: .gzip) }
      return PairServerEnd(pair)
    }
    let start = Instant(nanoseconds: 0)
    let client = ClientConnection(
      configuration: PairTarget.clientConfiguration(script.byte()), authority: "fuzz", scheme: "http",
      at: start)
    let server = ServerConnection(
      configuration: PairTarget.serverConfiguration(script.byte()), router: router, peer: "fuzz", at: start)
    pipe = Pipe(client, server, pieces: Int(script.byte()))
  }

  func play(_ script: inout Script) {
    while !script.isAtEnd {
      let step = script.byte() & 0x1f
      let call = step < 16 ? script.pickAny(calls.all) : nil
      if let call { act(Int(step), &script, on: call) } else { move(Int(step), &script) }
      check()
    }
  }

  private func act(_ step: Int, _ script: inout Script, on call: PairCall) {
    switch step {
    case 0...2: call.sendRequest(script.size(), compressed: script.byte() & 1 == 0)
    case 3...5: call.sendResponse(script.size(), compressed: script.byte() & 1 == 0)
    case 6, 7: call.client?.halfClose()
    case 8: call.finish(.ok)
    case 9: call.finish(Status(script.pick(StatusCode.allCases), text(&script)))
    case 10: call.cancelAtClient()
    case 11: call.server?.cancel()
    case 12: call.client?.pauseReading()
    case 13: call.client?.resumeReading()
    case 14: call.server?.pauseReading()
    default: call.server?.resumeReading()
    }
  }

  private func move(_ step: Int, _ script: inout Script) {
    switch step {
    case 16: pipe.tick(after: script.duration())
    case 17: pipe.takeFromClient(script.choice(4))
    case 18: pipe.takeFromServer(script.choice(4))
    case 19, 20: pipe.deliverToServer(script.size())
    case 21, 22: pipe.deliverToClient(script.size())
    case 23: pipe.settle()
    case 24: if script.byte() & 7 == 0 { pipe.server.drain(at: pipe.now) }
    case 25: lose(script.byte())
    default: start(&script)
    }
  }

  private func start(_ script: inout Script) {
    guard calls.all.count < Self.callsMaximum else { return }
    let form = script.byte()
    let timeout = form & 2 != 0 ? script.duration() : nil
    let pair = PairCall(number: calls.all.count, echoes: form & 1 != 0, hasDeadline: timeout != nil)
    calls.all.append(pair)
    var metadata: Metadata = ["number": "\(pair.number)"]
    if form & 4 != 0 { metadata.add("compress", "yes") }
    let call = try? pipe.client.start(
      PairTarget.path, metadata: metadata, timeout: timeout, codec: form & 8 != 0 ? .gzip : nil,
      at: form & 16 != 0 ? pipe.now : nil, handler: PairClientEnd(pair))
    if let call { pair.began(call) }
  }

  private func lose(_ form: UInt8) {
    switch form {
    case 0xf0: pipe.lose(client: true, server: false)
    case 0xf1: pipe.lose(client: false, server: true)
    case 0xf2: pipe.lose(client: true, server: true)
    case 0xf3: pipe.close(pipe.client)
    case 0xf4: pipe.close(pipe.server)
    default: break
    }
  }

  private func text(_ script: inout Script) -> String {
    StatusMessage.decode(StatusMessage.encode(String(decoding: script.sizedBytes(), as: UTF8.self)))
  }

  private func check() {
    let (client, server) = (pipe.client.counters, pipe.server.counters)
    require(client.protocolViolations == 0, "the client accuses the server: \(pipe.client.farewell ?? "")")
    require(server.protocolViolations == 0, "the server accuses the client")
    require(client.resetsProvoked == 0, "the server is said to break the rules of a stream")
    require(server.resetsProvoked == 0, "the client is said to break the rules of a stream")
    require(server.callsRefused == 0, "the server takes a call for none of gRPC's")
    require(
      client.messagesTooLarge == 0 && server.messagesTooLarge == 0, "a message is taken for a larger one")
    require(
      client.bytesReceived <= server.bytesSent && server.bytesReceived <= client.bytesSent,
      "bytes from nowhere")
  }

  /// Lets everything arrive, and ends what is open.
  func settle() {
    for call in calls.all { call.resume() }
    pipe.settle()
    check()
    guard pipe.isSound else { return }
    for call in calls.all { call.checkSettled() }
    // Calls above the server's limit begin when others have ended.
    while pipe.isSound, case let open = openCalls, !open.isEmpty {
      for call in open { call.client?.halfClose() }
      pipe.settle()
      for call in open { call.finish(.ok) }
      pipe.settle()
      require(openCalls.count < open.count, "\(open.count) calls that were ended do not end")
    }
    check()
    guard pipe.isSound else { return }
    require(pipe.client.openCallCount == 0, "\(pipe.client.openCallCount) calls never end at the client")
    require(pipe.server.openCallCount == 0, "\(pipe.server.openCallCount) calls never end at the server")
    for call in calls.all { call.checkAgreement() }
  }

  private var openCalls: [PairCall] { calls.all.filter { $0.client != nil || $0.server != nil } }

  func end() {
    pipe.lose(client: true, server: true)
    for call in calls.all {
      require(call.client == nil && call.server == nil, "call \(call.number) outlives its connection")
    }
  }
}
