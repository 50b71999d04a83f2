import GRPC
import Synchronization
import Testing

@testable import GRPCNIO

@Suite struct BackPressureTests {
  /// 64 MiB in messages of 16 KiB.
  private static let count = 4096
  private static let size = 16 * 1024

  @Test func slowReaderHoldsTheServerBack() async throws {
    try await Loopback.run { peer in
      let stream = try await peer.client.serverStreaming(Peer.expand, Bytes("\(Self.count) \(Self.size)"))
      var reader = stream.makeAsyncIterator()
      #expect(try await reader.next()?.number == 0)
      let sent = try await settled {
        peer.log.expanded
      } meanwhile: {
        _ = try await peer.client.unary(Peer.unary, "other calls go on")
      }
      #expect(sent < Self.count / 8)
      for number in 1..<Self.count { #expect(try await reader.next()?.number == number) }
      #expect(try await reader.next() == nil)
      let limits = ConnectionLimits()
      #expect(
        stream.bufferedBytesPeak <= MessageInbox.pauseAtBytes + limits.initialStreamWindowBytes + Self.size)
      #expect(peer.log.bufferedBytesPeak <= limits.writeHighWaterBytes + Self.size + 5)
    }
  }

  @Test func slowServerHoldsTheWriterBack() async throws {
    try await Loopback.run { peer in
      let sent = Atomic(0)
      let call = try await peer.client.clientStreaming(Peer.slow)
      async let writing: Void = {
        for number in 0..<Self.count {
          try await call.send(Bytes(number: number, size: Self.size))
          sent.add(1, ordering: .relaxed)
        }
      }()
      let taken = try await settled {
        sent.load(ordering: .relaxed)
      } meanwhile: {
        _ = try await peer.client.unary(Peer.unary, "other calls go on")
      }
      #expect(taken < Self.count / 8)
      _ = try await peer.client.unary(Peer.control, "release")
      try await writing
      #expect(try await call.response() == Bytes("\(Self.count)"))
    }
  }

  /// The value once it is positive and has not changed during 50 round trips.
  private func settled(_ value: () -> Int, meanwhile trip: () async throws -> Void) async throws -> Int {
    var before = -1
    while value() == 0 || value() != before {
      before = value()
      for _ in 0..<50 { try await trip() }
    }
    return before
  }
}
