import GRPC
import Testing

@testable import Link

@Suite("A link without TLS")
struct PlainTests {
  @Test(arguments: [65536, 1])
  func `carries a call, whether the peer takes and gives much or one byte at a time`(chunk: Int) throws {
    let peer = Peer(.grpc(.test), chunk: chunk)
    let bench = Bench(Link(to: peer.port), peer)
    #expect(bench.open()?.isConnected == true)
    #expect(bench.link.peer == "127.0.0.1:\(peer.port)")

    let heard = Heard()
    let call = try bench.link.start(Paths.echo, heard)
    call.send(Blob([1, 2, 3]))
    bench.run("the echo") { heard.messages == [[1, 2, 3]] }
    call.halfClose()
    bench.run("the status") { heard.status == .ok }
    #expect(bench.link.bytesSent > 100 && bench.link.bytesReceived > 50)
  }

  @Test func `flushes at once when asked, without waiting for poll`() throws {
    let peer = Peer(.grpc(.test))
    let bench = Bench(Link(to: peer.port), peer)
    _ = bench.open()
    bench.settle()
    let before = bench.link.bytesSent
    let call = try bench.link.start(Paths.echo, Heard())
    call.send(Blob([1]))
    #expect(bench.link.bytesSent == before)
    #expect(bench.link.flush(at: bench.now) == nil)
    #expect(bench.link.bytesSent > before)
  }

  @Test func `sends and receives much more than the socket takes at once`() throws {
    let peer = Peer(.grpc(.test))
    let bench = Bench(Link(to: peer.port), peer)
    _ = bench.open()
    let heard = Heard()
    let call = try bench.link.start(Paths.sink, heard)
    let block = Blob([UInt8](repeating: 42, count: 10_000))
    var left = 500
    let sendMore = {
      while left > 0 {
        left -= 1
        if !call.send(block) { return }
      }
      call.halfClose()
    }
    heard.onWritable = { _ in sendMore() }
    sendMore()
    bench.run("the count") { heard.status == .ok }
    #expect(heard.messages == [Array("5000000".utf8)])
    #expect(heard.writableCount > 10)

    let flooded = Heard()
    let flood = try bench.link.start(Paths.flood, flooded)
    flood.send(Blob([]))
    bench.run("the flood") { flooded.messages.first?.count == 1 << 20 }
  }

  @Test func `reads a bounded amount in one call, and the rest in the next`() throws {
    var limits = LinkLimits()
    limits.readBytesPerCall = 20_000
    let peer = Peer(.grpc(.test))
    let bench = Bench(Link(to: peer.port, limits: limits), peer)
    _ = bench.open()
    bench.settle()
    let heard = Heard()
    try bench.link.start(Paths.flood, heard).send(Blob([]))
    var most: UInt64 = 0
    bench.run("the flood") {
      let before = bench.link.bytesReceived
      bench.note(bench.link.handle(revents: bench.link.interest, at: bench.now))
      most = max(most, bench.link.bytesReceived - before)
      return heard.messages.count == 1
    }
    #expect(most > 0 && most < 20_000 + 16_384)
  }

  @Test func `tells of the end of the peer, and ends its calls`() throws {
    for (what, end) in [
      ("closes", { $0.hangUp() }), ("closes its half", { $0.halfClose() }),
    ] as [(Comment, (Peer) -> Void)] {
      let peer = Peer(.grpc(.test))
      let bench = Bench(Link(to: peer.port), peer)
      _ = bench.open()
      let heard = Heard()
      try bench.link.start(Paths.echo, heard).send(Blob([1]))
      bench.run("the echo") { heard.messages.count == 1 }
      end(peer)
      let error = bench.nextEvent()?.error
      #expect(error?.code == .closedByPeer, what)
      #expect(error?.message == "127.0.0.1:\(peer.port): peer closed the connection")
      #expect(heard.status?.code == .unavailable)
      #expect(bench.link.isIdle && bench.link.grpc == nil && bench.link.descriptor == -1)
    }
  }

  @Test func `tells of a reset, and no signal kills who writes into it`() throws {
    let peer = Peer(.grpc(.test))
    let bench = Bench(Link(to: peer.port), peer)
    _ = bench.open()
    bench.settle()
    peer.reset()
    let call = try bench.link.start(Paths.echo, Heard())
    call.send(Blob([1]))
    bench.note(bench.link.flush(at: bench.now))
    call.send(Blob([2]))
    bench.note(bench.link.flush(at: bench.now))
    if bench.events.count < 2 { bench.nextEvent() }
    #expect(bench.events.last?.error?.code == .connectionLost)
  }

  @Test func `refuses a peer that speaks something else`() {
    for (bytes, code) in [
      (Array("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n".utf8), LinkError.Code.peerError),
      ([0x15, 0x03, 0x01, 0x00, 0x02, 0x02, 0x46], .noHTTP2),
    ] {
      let peer = Peer(.says(bytes))
      let bench = Bench(Link(to: peer.port), peer)
      #expect(bench.open()?.isConnected == true)
      bench.settle()
      if bench.events.count < 2 { bench.note(bench.tick(after: .seconds(2))) }
      #expect(bench.events.last?.error?.code == code)
    }
  }

  @Test func `ends gracefully once the gRPC connection is closed and all is sent`() throws {
    let peer = Peer(.grpc(.test))
    let bench = Bench(Link(to: peer.port), peer)
    _ = bench.open()
    let heard = Heard()
    let call = try bench.link.start(Paths.echo, heard)
    call.send(Blob([9]))
    call.halfClose()
    bench.run("the status") { heard.status == .ok }
    bench.link.grpc?.close()
    guard case .closed(nil)? = bench.nextEvent() else {
      Issue.record("expected closed(nil), heard \(bench.events)")
      return
    }
    bench.run("the end at the peer") { peer.sawEnd || peer.socket == -1 }
  }

  @Test func `ends as agreed when the server drains and the last call is over`() throws {
    let peer = Peer(.grpc(.test))
    let bench = Bench(Link(to: peer.port), peer)
    _ = bench.open()
    let heard = Heard()
    let call = try bench.link.start(Paths.echo, heard)
    call.send(Blob([1]))
    bench.run("the echo") { heard.messages.count == 1 }
    peer.grpc?.drain(at: bench.now)
    peer.step(at: bench.now)
    bench.run("the goodbye") { bench.link.grpc?.acceptsCalls == false }
    #expect(bench.link.grpc?.farewell?.isEmpty == false)
    call.halfClose()
    guard case .closed(nil)? = bench.nextEvent() else {
      Issue.record("expected closed(nil), heard \(bench.events)")
      return
    }
    #expect(heard.status == .ok)
  }

  /// Whether it answers with an alert or just closes: that is the TLS library's taste.
  @Test func `says that the peer may want TLS`() {
    let peer = Peer(.grpc(.test), tls: ServerTLS.Settings(TestCertificates.shared.server))
    let bench = Bench(Link(to: peer.port), peer)
    #expect(bench.open()?.isConnected == true)
    let error = bench.nextEvent()?.error
    #expect(error?.code == .noHTTP2 || error?.code == .closedByPeer)
    #expect(error?.message.contains("TLS") == true)
  }

  @Test func `says what it may be when the peer hangs up without a word`() {
    let peer = Peer(.hangsUp(afterBytes: 1))
    let bench = Bench(Link(to: peer.port), peer)
    #expect(bench.open()?.isConnected == true)
    let error = bench.nextEvent()?.error
    #expect(error?.code == .closedByPeer || error?.code == .connectionLost)
  }

  @Test func `waits for the peer's half only so long`() throws {
    let peer = Peer(.says([]))
    let bench = Bench(Link(to: peer.port), peer)
    _ = bench.open()
    bench.link.grpc?.close()
    bench.run("the end at the peer") { peer.sawEnd }
    #expect(bench.link.isIdle == false)
    guard case .closed(nil)? = bench.tick(after: .seconds(2)) else {
      Issue.record("expected closed(nil), heard \(bench.events)")
      return
    }
  }

  @Test func `closes at once, ends its calls, and opens again`() throws {
    let peer = Peer(.grpc(.test))
    let bench = Bench(Link(to: peer.port), peer)
    _ = bench.open()
    let heard = Heard()
    try bench.link.start(Paths.echo, heard).send(Blob([1]))
    bench.link.close()
    #expect(bench.link.isIdle && bench.link.descriptor == -1 && bench.link.nextDeadline == nil)
    #expect(heard.status?.code == .cancelled)
    bench.run("the end at the peer") { peer.sawEnd || peer.socket == -1 }
    peer.hangUp()

    #expect(bench.open()?.isConnected == true)
    bench.run("the second connection") { peer.connectionCount == 2 }
  }

  @Test func `says what is queued before it closes at once`() throws {
    let peer = Peer(.grpc(.test))
    let bench = Bench(Link(to: peer.port), peer)
    _ = bench.open()
    bench.settle()
    try bench.link.start(Paths.sink, Heard()).send(Blob(Array("goodbye".utf8)))
    bench.link.close()
    bench.run("the end at the peer") { peer.sawEnd }
    #expect(String(decoding: peer.received, as: UTF8.self).contains("goodbye"))
  }

  @Test func `may be closed by a handler that it is calling`() throws {
    let peer = Peer(.grpc(.test))
    let bench = Bench(Link(to: peer.port), peer)
    _ = bench.open()
    let heard = Heard()
    let link = bench.link
    let now = bench.now
    heard.onMessage = {
      #expect(link.flush(at: now) == nil)
      link.close()
    }
    try link.start(Paths.echo, heard).send(Blob([1]))
    bench.run("the close") { link.isIdle }
    #expect(heard.status?.code == .cancelled)
    #expect(bench.events.count == 1)
  }
}
