import GRPC
import Gzip

/// A client connection with calls open against a server that may send anything.
///
///     input ── first byte: configuration; second: in what pieces bytes arrive; then
///              raw: bytes, as they are, for calls that are open already
///              else: steps, each a byte that says which, and what that step reads
enum ClientTarget {
  static func run(_ input: UnsafeRawBufferPointer) {
    var script = Script(input)
    let setup = script.byte()
    let scene = ClientScene(configuration(setup), pieces: Int(script.byte()))
    if setup & Setup.raw != 0 {
      scene.receiveRaw(script.remainder())
    } else {
      scene.play(&script)
    }
    scene.end()
  }

  enum Setup {
    static let raw: UInt8 = 0x80
    static let small: UInt8 = 1
    static let keepalive: UInt8 = 2
  }

  private static func configuration(_ setup: UInt8) -> ClientConfiguration {
    var configuration = ClientConfiguration()
    configuration.codecs = [.gzip]
    if setup & Setup.small != 0 {
      configuration.limits.makeSmall()
      configuration.maximumOpenCalls = 5
    }
    if setup & Setup.keepalive != 0 {
      configuration.limits.keepaliveInterval = .seconds(1)
      configuration.limits.keepaliveWithoutCalls = true
    }
    return configuration
  }
}

/// The client, its clock, and what its server has sent.
private final class ClientScene {
  private let configuration: ClientConfiguration
  private let client: ClientConnection
  private let calls: ClientCalls
  private let stage: Stage
  private let pieces: Int
  private var peer = PeerScript()

  init(_ configuration: ClientConfiguration, pieces: Int) {
    self.configuration = configuration
    self.pieces = pieces
    client = ClientConnection(
      configuration: configuration, authority: "fuzz", scheme: "http", at: Instant(nanoseconds: 0))
    calls = ClientCalls(client)
    stage = Stage(client, isClient: true)
  }

  /// The calls are what `Seeds` has the same bytes answer.
  func receiveRaw(_ bytes: [UInt8]) {
    for _ in 0..<4 {
      var script = Script(UnsafeRawBufferPointer(start: nil, count: 0))
      calls.start(&script, at: stage.now)
    }
    var rest = bytes[...]
    while !rest.isEmpty {
      stage.take()
      let piece = rest.prefix(pieces > 0 ? pieces * 16 : .max)
      rest = rest.dropFirst(piece.count)
      stage.receive(Array(piece))
      check()
    }
  }

  func play(_ script: inout Script) {
    var frames = FrameWriter()
    frames.settings([])
    while !script.isAtEnd {
      let step = script.byte()
      say(Int(step & 0x1f), &script, into: &frames)
      // Frames that are held back arrive together with the next ones.
      if step & 0x80 == 0, !frames.bytes.isEmpty {
        stage.receive(frames.bytes, pieces: pieces)
        frames = FrameWriter()
      }
      if step & 0x40 == 0 { stage.take() }
      check()
    }
    stage.receive(frames.bytes, pieces: pieces)
    check()
  }

  private func say(_ step: Int, _ script: inout Script, into frames: inout FrameWriter) {
    switch step {
    case 0, 1: start(&script)
    case 2...13: peer.next(step - 2, &script, into: &frames)
    case 14, 15: peer.next(0, &script, into: &frames)
    case 16, 17:
      frames.headers(
        Response.headers(&script), stream: peer.stream(&script), isEnd: script.byte() & 1 != 0)
    case 18, 19:
      frames.headers(Response.trailers(&script), stream: peer.stream(&script), isEnd: script.byte() & 1 == 0)
    case 20, 21: stage.tick(after: script.duration())
    case 22: stage.take(script.choice(4))
    case 23...27: if let call = script.pickAny(calls.open) { calls.perform(&script, on: call) }
    case 28: if script.byte() & 7 == 0 { client.close() }
    case 29: if script.byte() & 7 == 0 { stage.lose() }
    default: stage.tick(after: .milliseconds(1))
    }
  }

  private func start(_ script: inout Script) {
    let started = client.counters.callsStarted
    calls.start(&script, at: stage.now)
    if client.counters.callsStarted > started { peer.opened(UInt32(2 * started + 1)) }
  }

  private func check() {
    let counters = client.counters
    require(
      counters.callsStarted == counters.callsSucceeded + counters.callsFailed + UInt64(client.openCallCount),
      "calls are lost from the books: \(counters), \(client.openCallCount) open")
    let limit = configuration.maximumOpenCalls
    require(client.openCallCount <= limit, "\(client.openCallCount) calls are open, \(limit) may be")
    let buffered = configuration.limits.maximumBufferedBytes + ClientCalls.messageBytesMaximum
    for call in calls.open {
      require(call.bufferedBytes <= buffered, "\(call.bufferedBytes) bytes wait in one call")
    }
  }

  func end() {
    stage.take()
    check()
    if !stage.isLost { stage.lose() }
    check()
    require(client.openCallCount == 0, "\(client.openCallCount) calls outlive their connection")
    require(!client.acceptsCalls, "a lost connection takes calls")
    for witness in calls.witnesses {
      require(witness.endCount == 1, "a handler heard of \(witness.endCount) ends")
    }
  }
}
