import GRPC
import HTTP2
import Testing

/// Pairs of equal bytes become one byte with its top bit set: enough to see what travels.
private let pairs = MessageCodec(
  name: "pairs",
  compress: { message, output in
    var rest = message[...]
    while let byte = rest.popFirst() {
      if rest.first == byte {
        rest.removeFirst()
        output.append(byte | 0x80)
      } else {
        output.append(byte)
      }
    }
  },
  decompress: { message, limit, output throws(Status) in
    for byte in message {
      if byte == 0x21 { throw Status(.internalError, "no such code") }
      output += byte & 0x80 == 0 ? [byte] : [byte & 0x7f, byte & 0x7f]
      if output.count > limit { throw Status(.resourceExhausted, "too much") }
    }
  })

private func server(limit: Int = 1000) -> ServerConfiguration {
  var configuration = ServerConfiguration()
  configuration.codecs = [pairs]
  configuration.limits.maximumMessageBytes = limit
  return configuration
}

private func client() -> ClientConfiguration {
  var configuration = ClientConfiguration()
  configuration.codecs = [pairs]
  return configuration
}

/// Echoes, compressed where the client takes it; `=…` is answered uncompressed all the same.
private func echo() -> Router {
  var router = Router()
  router.bidirectional(Echo.chat) { stream throws(Status) in
    stream.call.compressResponses(with: pairs)
    return StreamReader<Text> { message in
      stream.call.send(message, compressed: !message.text.hasPrefix("="))
    } onHalfClose: {
      stream.finish(.ok)
    }
  }
  return router
}

/// Messages one by one (grpc/doc/compression.md).
@Suite struct CompressionTests {
  @Test(arguments: [true, false], [Pipe.Pieces.whole, .bytes(1), .bytes(7)])
  func bothWays(_ compresses: Bool, _ pieces: Pipe.Pieces) throws {
    let pipe = Pipe(echo(), pieces: pieces, client: client(), server: server())
    let recorder = Recorder()
    var wereCompressed: [Bool] = []
    recorder.onMessage = { wereCompressed.append($0.isMessageCompressed) }
    let call = try pipe.client.start(Echo.chat.path, codec: compresses ? pairs : nil, handler: recorder)
    for message in ["aabbcc", "", "abc", "=aa", "zz"] { call.send(Text(message)) }
    call.send(Text("xxyy"), compressed: false)
    call.halfClose()
    pipe.pump()
    #expect(recorder.messages == ["aabbcc", "", "abc", "=aa", "zz", "xxyy"])
    #expect(recorder.status == .ok)
    // What does not get smaller goes as it is.
    #expect(wereCompressed == [true, false, false, false, true, true])
  }

  @Test func whatTravels() throws {
    let client = RawClient(echo(), server())
    let compressed: [UInt8] = [1, 0, 0, 0, 2, UInt8(ascii: "a") | 0x80, UInt8(ascii: "b")]
    let accepting = RawClient.headers(
      Echo.chat.path, ["grpc-encoding": "pairs", "grpc-accept-encoding": "gzip, pairs"])
    let answer = try client.ask(accepting, compressed)
    #expect(answer.status == "0")
    #expect(answer.headers.first("grpc-encoding") == "pairs")
    #expect(answer.headers.first("grpc-accept-encoding") == "identity,pairs")
    #expect(answer.body == compressed)
    // Who does not say that it takes it gets it as it is.
    let plain = try client.ask(RawClient.headers(Echo.chat.path, ["grpc-encoding": "pairs"]), compressed)
    #expect(plain.headers.first("grpc-encoding") == nil)
    #expect(plain.body == framed("aab"))
  }

  @Test func anEncodingThatIsNotKnown() throws {
    let client = RawClient(echo(), server())
    let headers = RawClient.headers(Echo.chat.path, ["grpc-encoding": "snappy"])
    let answer = try client.ask(headers, framed("a", flag: 1))
    #expect(answer.status == "12")
    #expect(answer.message == "messages compressed with snappy are not understood here")
    #expect(answer.headers.first("grpc-accept-encoding") == "identity,pairs")
  }

  @Test(arguments: [
    ("over the limit once decompressed", [UInt8](repeating: 0xe1, count: 6), "8"),
    ("not what it says", [0x61, 0x21], "13"),
  ])
  func whatCannotBeDecompressed(_ what: String, _ bytes: [UInt8], _ status: String) throws {
    let client = RawClient(echo(), server(limit: 10))
    let headers = RawClient.headers(Echo.chat.path, ["grpc-encoding": "pairs"])
    let answer = try client.ask(headers, [1, 0, 0, 0, UInt8(bytes.count)] + bytes)
    #expect(answer.status == status, "\(what)")
  }

  @Test func aServerThatCompressesAsItWasNotAsked() throws {
    let peer = RawServer()
    let recorder = Recorder()
    peer.onRequest = { stream, session in
      session.respond(
        stream, [":status": "200", "content-type": "application/grpc", "grpc-encoding": "pairs"], isEnd: false
      )
    }
    let call = try peer.client.start(Echo.chat.path, handler: recorder)
    call.halfClose()
    peer.pump()
    #expect(recorder.status?.code == .internalError)
    #expect(recorder.status?.message == "the server compresses with pairs, which it was not asked to")
  }
}
