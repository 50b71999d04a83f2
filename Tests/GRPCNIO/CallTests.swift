import GRPC
import GRPCNIO
import Synchronization
import Testing

@Suite struct CallTests {
  @Test func unary() async throws {
    try await Loopback.run { peer in
      for said: Bytes in ["hello", ""] {
        let heard = try await peer.client.unary(Peer.unary, said)
        #expect(heard == said)
      }
    }
  }

  @Test func serverStreaming() async throws {
    try await Loopback.run { peer in
      let stream = try await peer.client.serverStreaming(Peer.expand, "1000 600")
      var numbers: [Int] = []
      for try await message in stream { numbers.append(message.number) }
      #expect(numbers == Array(0..<1000))
      #expect(stream.trailers != nil)
    }
  }

  @Test func clientStreaming() async throws {
    try await Loopback.run { peer in
      let call = try await peer.client.clientStreaming(Peer.collect)
      for _ in 0..<1000 { try await call.send(Bytes(number: 0, size: 600)) }
      #expect(try await call.response() == "1000 600000")
    }
  }

  @Test func bidirectional() async throws {
    try await Loopback.run { peer in
      let call = try await peer.client.bidirectional(Peer.chat)
      var responses = call.responses.makeAsyncIterator()
      for number in 0..<100 {
        let said = Bytes("\(number)")
        try await call.send(said)
        #expect(try await responses.next() == said)
      }
      call.finishRequests()
      #expect(try await responses.next() == nil)
    }
  }

  @Test func metadataBothWays() async throws {
    try await Loopback.run { peer in
      var metadata: Metadata = ["x-text": "plain"]
      metadata.addBinary("x-some-bin", [0, 1, 0xfe, 0xff])
      let call = try await peer.client.bidirectional(Peer.chat, metadata: metadata)
      let headers = await call.responses.headers()
      #expect(headers.first("x-text") == "plain")
      #expect(headers.binary("x-some-bin") == [[0, 1, 0xfe, 0xff]])
      call.finishRequests()
    }
  }

  @Test func failureWithTrailers() async throws {
    try await Loopback.run { peer in
      let stream = try await peer.client.serverStreaming(Peer.fail, "5 kein Gerät: 100%")
      let ending = await status { for try await _ in stream {} }
      #expect(ending == Status(.notFound, "kein Gerät: 100%"))
      #expect(stream.trailers?.first("x-why") == "asked")
      #expect(stream.trailers?.binary("x-why-bin") == [[0, 0xff]])
      let unknown = await status { _ = try await peer.client.unary(Peer.nothing, "") }
      #expect(unknown.code == .unimplemented)
    }
  }

  @Test func deadline() async throws {
    try await Loopback.run { peer in
      let ending = await status {
        _ = try await peer.client.unary(Peer.hang, "", timeout: .milliseconds(50))
      }
      #expect(ending.code == .deadlineExceeded)
      await peer.log.ended(1)
      let left = try await peer.client.unary(Peer.remaining, "", timeout: .seconds(20))
      #expect((15_000...20_000).contains(left.numbers.first ?? 0))
    }
  }

  @Test func cancellationOfTheTask() async throws {
    try await Loopback.run { peer in
      let (started, start) = AsyncStream.makeStream(of: Void.self)
      let reading = Task {
        let stream = try await peer.client.serverStreaming(Peer.hang, "")
        for try await _ in stream { start.yield() }
      }
      for await _ in started { break }
      reading.cancel()
      await #expect(throws: Status.self) { try await reading.value }
      await peer.log.ended(1)
      #expect(peer.log.ends == [.cancelled])
    }
  }

  @Test func cancellationByDroppingTheSequence() async throws {
    try await Loopback.run { peer in
      do {
        let stream = try await peer.client.serverStreaming(Peer.hang, "")
        for try await message in stream {
          #expect(message == "started")
          break
        }
      }
      await peer.log.ended(1)
      #expect(peer.log.ends == [.cancelled])
    }
  }

  @Test func sendingAfterTheEnd() async throws {
    try await Loopback.run { peer in
      let call = try await peer.client.bidirectional(Peer.fail)
      try await call.send("7 no")
      call.finishRequests()
      await #expect(throws: Status(.permissionDenied, "no")) { for try await _ in call.responses {} }
      await #expect(throws: Status(.permissionDenied, "no")) { try await call.send("more") }
      let finished = try await peer.client.clientStreaming(Peer.collect)
      _ = try await finished.response()
      let late = await status { try await finished.send("more") }
      #expect(late.code == .failedPrecondition)
    }
  }

  @Test func manyCallsAtOnce() async throws {
    try await Loopback.run { peer in
      try await withThrowingTaskGroup(of: Bool.self) { group in
        for number in 0..<300 {
          group.addTask {
            try await peer.client.unary(Peer.unary, Bytes("\(number)")) == Bytes("\(number)")
          }
        }
        for try await isRight in group { #expect(isRight) }
      }
    }
  }
}
