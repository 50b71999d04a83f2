import GRPC
import Testing

@Suite struct CallKindTests {
  static let pieces: [Pipe.Pieces] = [.whole, .bytes(1), .bytes(7), .random(seed: 1), .random(seed: 2)]

  @Test(arguments: pieces)
  func unary(_ pieces: Pipe.Pieces) throws {
    let pipe = Pipe(.echo(), pieces: pieces)
    let (call, recorder) = try pipe.call(Echo.unary.path, ["hello"])
    pipe.pump()
    #expect(recorder.messages == ["you said hello"])
    #expect(recorder.status == .ok)
    #expect(call.isEnded)
    #expect(pipe.server.openCallCount == 0)
    #expect(pipe.client.openCallCount == 0)
    #expect(pipe.client.counters.callsSucceeded == 1)
    #expect(pipe.server.counters.callsSucceeded == 1)
  }

  @Test(arguments: pieces)
  func clientStreaming(_ pieces: Pipe.Pieces) throws {
    let pipe = Pipe(.echo(), pieces: pieces)
    let (_, recorder) = try pipe.call(Echo.collect.path, ["a", "", "bc", "d"])
    pipe.pump()
    #expect(recorder.messages == ["abcd"])
    #expect(recorder.status == .ok)
  }

  @Test(arguments: pieces)
  func serverStreaming(_ pieces: Pipe.Pieces) throws {
    let pipe = Pipe(.echo(), pieces: pieces)
    let (_, recorder) = try pipe.call(Echo.expand.path, ["abc"])
    pipe.pump()
    #expect(recorder.messages == ["a", "b", "c"])
    #expect(recorder.status == .ok)
  }

  @Test(arguments: pieces)
  func bidirectional(_ pieces: Pipe.Pieces) throws {
    let pipe = Pipe(.echo(), pieces: pieces)
    let (call, recorder) = try pipe.call(Echo.chat.path, ["a"], ends: false)
    pipe.pump()
    #expect(recorder.messages == ["A"])
    #expect(recorder.status == nil)
    call.send(Text("b"))
    call.send(Text("c"))
    pipe.pump()
    #expect(recorder.messages == ["A", "B", "C"])
    call.halfClose()
    pipe.pump()
    #expect(recorder.status == .ok)
    #expect(recorder.trailers.first("mood") == "good")
    #expect(recorder.endCount == 1)
  }
}
