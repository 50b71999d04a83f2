import Gzip

@testable import GRPC

/// A server connection against a client that may send anything.
///
///     input ── first byte: configuration; second: in what pieces bytes arrive; then
///              raw: bytes, as they are, the output taken after each piece
///              else: steps, each a byte that says which, and what that step reads
enum ServerTarget {
  static func run(_ input: UnsafeRawBufferPointer) {
    var script = Script(input)
    let setup = script.byte()
    let scene = ServerScene(configuration(setup), pieces: Int(script.byte()))
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
    static let strict: UInt8 = 4
    static let impatient: UInt8 = 8
  }

  /// Small limits are the ones that are reached.
  private static func configuration(_ setup: UInt8) -> ServerConfiguration {
    var configuration = ServerConfiguration()
    configuration.codecs = [.gzip]
    if setup & Setup.small != 0 {
      configuration.limits.makeSmall()
      configuration.maximumConcurrentStreams = 4
    }
    if setup & Setup.keepalive != 0 {
      configuration.limits.keepaliveInterval = .seconds(1)
      configuration.limits.keepaliveWithoutCalls = true
    }
    if setup & Setup.strict != 0 {
      configuration.provokedResets.burst = 3
      configuration.pings.strikes = 0
    }
    if setup & Setup.impatient != 0 {
      configuration.idleTimeout = .seconds(2)
      configuration.frameTimeout = .seconds(1)
    }
    return configuration
  }
}

extension ConnectionLimits {
  mutating func makeSmall() {
    maximumMessageBytes = 1000
    writeHighWaterBytes = 512
    writeLowWaterBytes = 128
    maximumBufferedBytes = 4096
    maximumConnectionBufferedBytes = 8192
    maximumUnfinishedBytes = 1500
    maximumHeaderListBytes = 700
    initialStreamWindowBytes = 2000
  }
}

/// The server, its clock, and what its client has sent.
private final class ServerScene {
  private let configuration: ServerConfiguration
  private let calls = CallLog()
  private let server: ServerConnection
  private let stage: Stage
  private let pieces: Int
  private var peer = PeerScript()
  private var nextStream: UInt32 = 1

  init(_ configuration: ServerConfiguration, pieces: Int) {
    self.configuration = configuration
    self.pieces = pieces
    server = ServerConnection(
      configuration: configuration, router: ServerMethods.router(calls), peer: "fuzz",
      at: Instant(nanoseconds: 0))
    stage = Stage(server, isClient: false)
  }

  func receiveRaw(_ bytes: [UInt8]) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let piece = rest.prefix(pieces > 0 ? pieces * 16 : .max)
      rest = rest.dropFirst(piece.count)
      stage.receive(Array(piece))
      stage.take()
      check()
    }
  }

  func play(_ script: inout Script) {
    var frames = FrameWriter()
    frames.append(FrameWriter.preface)
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
    case 0...3: open(&script, into: &frames)
    case 4...15: peer.next(step - 4, &script, into: &frames)
    case 16...19: peer.next(0, &script, into: &frames)
    case 20, 21: stage.tick(after: script.duration())
    case 22: stage.take(script.choice(4))
    case 23...27:
      if let call = script.pickAny(calls.open) { ServerActions(calls: calls).perform(&script, on: call) }
    case 28: server.drain(at: stage.now)
    case 29: if script.byte() & 7 == 0 { server.close() }
    case 30: if script.byte() & 7 == 0 { stage.lose() }
    default: stage.tick(after: .milliseconds(1))
    }
  }

  private func open(_ script: inout Script, into frames: inout FrameWriter) {
    let form = script.byte()
    let stream = form & 2 == 0 ? nextStream : peer.stream(&script)
    if stream == nextStream { nextStream += 2 }
    peer.opened(stream)
    frames.headers(Request.fields(&script), stream: stream, isEnd: form & 1 != 0)
  }

  private func check() {
    let counters = server.counters
    require(
      counters.callsStarted == counters.callsSucceeded + counters.callsFailed + UInt64(server.openCallCount),
      "calls are lost from the books: \(counters), \(server.openCallCount) open")
    let limit = configuration.maximumConcurrentStreams
    require(server.openCallCount <= limit, "\(server.openCallCount) calls are open, \(limit) may be")
    checkBuffers(configuration.limits)
  }

  /// What was queued last may go beyond a limit.
  private func checkBuffers(_ limits: ConnectionLimits) {
    let waiting = calls.open.filter { $0.path == ServerMethods.obedient }.map(\.bufferedBytes)
    let message = ServerActions.messageBytesMaximum
    let (most, all) = (waiting.max() ?? 0, waiting.reduce(0, +))
    require(most <= limits.maximumBufferedBytes + message, "\(most) bytes wait in one call")
    require(all <= limits.maximumConnectionBufferedBytes + message, "\(all) bytes wait in all calls")
  }

  func end() {
    stage.take()
    check()
    if !stage.isLost { stage.lose() }
    check()
    require(server.openCallCount == 0, "\(server.openCallCount) calls outlive their connection")
    for witness in calls.witnesses {
      require(witness.endCount <= 1, "a handler heard of \(witness.endCount) ends")
    }
    require(calls.open.isEmpty, "\(calls.open.count) handlers never heard of their call's end")
  }
}
