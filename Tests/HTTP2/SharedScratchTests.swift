import Testing

@testable import HTTP2

/// The servers of one thread share the buffer in which nghttp2 builds frames. Nothing of one may show up in another,
/// wherever their output is interrupted.
@Suite struct SharedScratchTests {
  /// A server that has answers of every size to give: one frame, several, a header block that needs CONTINUATIONs.
  private func busyServer(_ letter: String, _ scratch: SessionScratch) throws -> HTTP2Session {
    let client = HTTP2Session(role: .client)
    let server = HTTP2Session(role: .server, scratch: scratch)
    for size in [10, 5000, 40_000, 200_000] {
      _ = try client.request([
        ":method": "POST", ":scheme": "http", ":path": "/\(size)", ":authority": "test",
      ])
      client.ping(UInt64(size))
    }
    var requests: [UInt8] = []
    while client.takeOutput({ requests += $0 }) {}
    try requests.withUnsafeBytes { bytes in
      try server.receive(bytes) { event in
        guard case .headers(let headers) = event else { return }
        answer(headers.stream, Int(headers.headers.first(":path")?.dropFirst() ?? "") ?? 0, letter, server)
      }
    }
    return server
  }

  private func answer(_ stream: HTTP2Stream, _ size: Int, _ letter: String, _ server: HTTP2Session) {
    let long = String(repeating: letter, count: min(size, 30_000))
    server.respond(stream, [":status": "200", "x-long": long], isEnd: false)
    _ = server.write(stream) { $0 += Array(repeating: letter.utf8.first ?? 0, count: size) }
    server.finish(stream, trailers: size > 5000 ? ["x-end": letter] : nil)
  }

  /// Takes one chunk of each in turn.
  private func outputs(_ sessions: [HTTP2Session]) -> [[UInt8]] {
    var outputs = sessions.map { _ in [UInt8]() }
    var isMoving = true
    while isMoving {
      isMoving = false
      for (index, session) in sessions.enumerated() {
        if session.takeOutput({ outputs[index] += $0 }) { isMoving = true }
        session.deliver { _ in }
      }
    }
    return outputs
  }

  @Test func nothingOfOneShowsUpInAnother() throws {
    let letters = ["a", "b", "c"]
    let scratch = SessionScratch()
    let shared = outputs(try letters.map { try busyServer($0, scratch) })
    let alone = try letters.map { outputs([try busyServer($0, SessionScratch())])[0] }
    for (index, letter) in letters.enumerated() { #expect(shared[index] == alone[index], "\(letter)") }
    #expect(alone.allSatisfy { $0.count > 60_000 })
  }

  /// Whole frames, parts of frames, nonsense: between two inputs a session has no inbox of its own.
  @Test func aSessionThatRestsHoldsNoInbox() throws {
    let client = HTTP2Session(role: .client)
    for number in 0..<40 { client.ping(UInt64(number)) }
    var bytes: [UInt8] = []
    while client.takeOutput({ bytes += $0 }) {}
    let scratch = SessionScratch()
    let servers = (0..<3).map { _ in HTTP2Session(role: .server, scratch: scratch) }
    var pings = [0, 0, 0]
    for start in stride(from: 0, to: bytes.count, by: 7) {
      for (index, server) in servers.enumerated() {
        try bytes[start..<min(start + 7, bytes.count)].withUnsafeBytes { piece in
          try server.receive(piece) { if case .ping = $0 { pings[index] += 1 } }
        }
        #expect(server.inbox.capacity == 0)
      }
    }
    #expect(pings == [40, 40, 40])
    let stranger = HTTP2Session(role: .server, scratch: scratch)
    #expect(throws: HTTP2Error.self) {
      try Array("GET / HTTP/1.1\r\nHost: example.com\r\n\r\n".utf8).withUnsafeBytes {
        try stranger.receive($0) { _ in }
      }
    }
    #expect(stranger.inbox.capacity == 0)
  }

  /// Sessions end in any order; the buffer is nobody's.
  @Test func sessionsComeAndGo() throws {
    let scratch = SessionScratch()
    let expected = outputs([try busyServer("x", SessionScratch())])[0]
    for _ in 0..<20 {
      let kept = try busyServer("x", scratch)
      _ = outputs([try busyServer("y", scratch)])
      #expect(outputs([kept])[0] == expected)
    }
  }
}
