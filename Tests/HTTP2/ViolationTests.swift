import HTTP2
import Testing

@Suite struct ViolationTests {
  static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8) + [0, 0, 0, 4, 0, 0, 0, 0, 0]

  static let violations: [(String, [UInt8], HTTP2ErrorCode)] = [
    ("HTTP/1.1", Array("GET / HTTP/1.1\r\nHost: x\r\n\r\n".utf8), .protocolError),
    ("DATA on stream 0", preface + [0, 0, 1, 0, 0, 0, 0, 0, 0, 0], .protocolError),
    ("DATA on an idle stream", preface + [0, 0, 1, 0, 0, 0, 0, 0, 1, 0], .protocolError),
    ("a frame over 16 KiB", preface + [0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 1], .init(rawValue: 6)),
    ("a broken header block", preface + [0, 0, 1, 1, 5, 0, 0, 0, 1, 0xff], .compressionError),
    ("PING of 7 bytes", preface + [0, 0, 7, 6, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7], .init(rawValue: 6)),
    ("window over 2^31-1", preface + [0, 0, 4, 8, 0, 0, 0, 0, 0, 0x7f, 0xff, 0xff, 0xff], .flowControlError),
    ("an even stream", preface + [0, 0, 1, 1, 5, 0, 0, 0, 2, 0x82], .protocolError),
    ("CONTINUATION alone", preface + [0, 0, 1, 9, 4, 0, 0, 0, 1, 0x82], .protocolError),
  ]

  @Test(arguments: violations)
  func endsTheSessionWithGoAway(_ name: String, _ bytes: [UInt8], _ code: HTTP2ErrorCode) throws {
    for piece in [1, Int.max] {
      let server = HTTP2Session(role: .server)
      let pair = SessionPair()
      try? pair.give(bytes, to: server, piece: piece) { _ in }
      var events: [String] = []
      let output = pair.output(of: server) { events.append(describe($0)) }
      #expect(events == ["go away sent \(code)"], "\(name)")
      #expect(server.isOver)
      #expect(!output.isEmpty)
    }
  }

  @Test func acknowledgementFlood() {
    let server = HTTP2Session(role: .server)
    let pings = Array(repeating: [0, 0, 8, 6, 0, 0, 0, 0, 0] + [UInt8](repeating: 7, count: 8), count: 2000)
    #expect(throws: HTTP2Error.self) {
      try SessionPair().give(Self.preface + pings.flatMap { $0 }, to: server, piece: .max) { _ in }
    }
    var events: [String] = []
    _ = SessionPair().output(of: server) { events.append(describe($0)) }
    #expect(events == ["go away sent ENHANCE_YOUR_CALM"])
  }

  @Test func rapidReset() throws {
    let pair = SessionPair()
    try pair.pump()
    for _ in 0..<600 {
      guard pair.client.acceptsRequests else { break }
      let stream = try pair.client.request(request)
      let opening = pair.output(of: pair.client) { _ in }
      try pair.give(opening, to: pair.server, piece: .max) { _ in }
      pair.client.reset(stream, .cancel)
      try pair.pump()
    }
    #expect(pair.clientEvents.contains { $0.hasPrefix("go away") })
    #expect(pair.server.isOver)
  }

  @Test(arguments: 0..<40)
  func garbageNeverTraps(seed: UInt64) {
    var random = SplitMix(seed)
    for _ in 0..<20 {
      let session = HTTP2Session(role: seed % 2 == 0 ? .server : .client)
      let pair = SessionPair()
      var bytes = seed % 3 == 0 ? [] : Self.preface
      bytes += (0..<Int(random.next() % 3000)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
      try? pair.give(bytes, to: session, piece: Int(random.next() % 100) + 1) { event in
        if case .headers(let headers) = event { session.respond(headers.stream, response, isEnd: true) }
      }
      _ = pair.output(of: session) { _ in }
    }
  }

  @Test(arguments: 0..<40)
  func damagedTrafficNeverTraps(seed: UInt64) throws {
    let pair = SessionPair()
    for _ in 0..<5 {
      let stream = try pair.client.request(request)
      pair.client.write(stream, String(repeating: "x", count: 500))
      pair.client.finish(stream)
    }
    var bytes = pair.output(of: pair.client) { _ in }
    var random = SplitMix(seed)
    for _ in 0..<5 {
      bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
    }
    try? pair.give(bytes, to: pair.server, piece: 64) { event in
      if case .headers(let headers) = event { pair.server.respond(headers.stream, response, isEnd: false) }
    }
    _ = pair.output(of: pair.server) { _ in }
  }
}

/// The SplitMix64 generator: the same numbers from the same seed, everywhere.
struct SplitMix {
  private var state: UInt64

  init(_ seed: UInt64) {
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
    return mixed ^ mixed >> 31
  }
}
