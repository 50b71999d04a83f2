import GRPC
import HTTP2
import Testing

@Suite struct MetadataTests {
  @Test func orderAndRepetition() {
    let metadata: Metadata = ["a": "1", "b": "2", "A": "3"]
    #expect(metadata.map(\.name) == ["a", "b", "a"])
    #expect(metadata.all("a") == ["1", "3"])
    #expect(metadata.first("b") == "2")
    #expect(metadata.first("c") == nil)
  }

  @Test(arguments: [
    ("grpc-timeout", "1S"), ("grpc-status", "0"), ("grpc-anything", "x"), (":path", "/"),
    ("content-type", "x"),
    ("te", "trailers"), ("connection", "close"), ("", "x"), ("a b", "x"), ("a\n", "x"), ("ü", "x"),
    ("a", "x\ny"),
    ("a", "ü"), ("user-agent", "x"), ("host", "x"),
  ])
  func refused(_ name: String, _ value: String) {
    var metadata = Metadata()
    let isAdded = metadata.add(name, value)
    #expect(!isAdded)
    #expect(metadata.isEmpty)
  }

  @Test func valuesAreTrimmed() {
    var metadata = Metadata()
    metadata.add("a", "  x y ")
    metadata.add("b", "   ")
    #expect(metadata.map(\.value) == ["x y", ""])
  }

  @Test func travels() throws {
    let handlers = Handlers()
    handlers.prepare = { recorder in
      recorder.onHalfClose = { call in
        var headers: Metadata = ["answer": "h"]
        headers.addBinary("blob-bin", [0, 255, 10])
        call.sendHeaders(headers)
        call.sendHeaders(["late": "x"])
        var trailers: Metadata = ["answer": "t"]
        trailers.addBinary("grpc-status-details-bin", [1, 2, 3])
        call.finish(.ok, trailers: trailers)
      }
    }
    let pipe = Pipe(.recording(handlers))
    var request: Metadata = ["authorization": "Bearer x", "k": "1", "k": "2"]
    request.addBinary("id-bin", Array(0...255))
    request.addBinary("id-bin", [])
    let (_, recorder) = try pipe.call(Echo.raw, [], metadata: request, timeout: .seconds(3))
    pipe.pump()

    let received = try #require(handlers.last.call).metadata
    #expect(received.first("authorization") == "Bearer x")
    #expect(received.all("k") == ["1", "2"])
    #expect(received.binary("id-bin") == [Array(0...255), []])
    #expect(received.first("user-agent") == "grpc-swift-muster")
    #expect(
      Set(received.map(\.name)) == ["authorization", "k", "id-bin", "user-agent"],
      "the protocol's own are hidden")

    #expect(recorder.headers?.map(\.name) == ["answer", "blob-bin"])
    #expect(recorder.headers?.binary("blob-bin") == [[0, 255, 10]])
    #expect(recorder.trailers.map(\.name) == ["answer", "grpc-status-details-bin"])
    #expect(recorder.trailers.binary("grpc-status-details-bin") == [[1, 2, 3]])
  }

  @Test func joinedBinaryValues() throws {
    let handlers = Handlers()
    let client = RawClient(.recording(handlers))
    _ = try client.ask(RawClient.headers(Echo.raw, ["x-bin": "Zg==,Zm8,!", "x-bin": "Zm9v"]))
    #expect(
      try #require(handlers.last.call).metadata.binary("x-bin").map { String(decoding: $0, as: UTF8.self) }
        == ["f", "fo", "foo"])
  }

  @Test func trailersOnlyCarryMetadata() throws {
    let handlers = Handlers()
    handlers.prepare = { $0.onHalfClose = { $0.finish(Status(.notFound, "no"), trailers: ["why": "gone"]) } }
    let pipe = Pipe(.recording(handlers))
    let (_, recorder) = try pipe.call(Echo.raw, [])
    pipe.pump()
    #expect(recorder.headers == nil)
    #expect(recorder.status == Status(.notFound, "no"))
    #expect(recorder.trailers.first("why") == "gone")
  }
}
