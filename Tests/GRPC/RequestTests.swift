import GRPC
import HTTP2
import Testing

/// What a server makes of requests that a proper client would not send.
@Suite struct RequestTests {
  @Test func properRequest() throws {
    let client = RawClient(.echo())
    let answer = try client.ask(RawClient.headers(Echo.unary.path), framed("a"))
    #expect(
      answer.headers.fields == [HTTP2Field(":status", "200"), HTTP2Field("content-type", "application/grpc")])
    #expect(answer.body == framed("you said a"))
    #expect(answer.trailers.fields == [HTTP2Field("grpc-status", "0")])
    #expect(answer.closed == .noError)
  }

  @Test(arguments: [
    ("GET", "application/grpc", "405"), ("PUT", nil, "405"), ("POST", nil, "415"),
    ("POST", "text/html", "415"),
    ("POST", "application/grpc-web", "415"), ("POST", "application/json", "415"),
    ("POST", "application/grpc", "200"), ("POST", "application/grpc+proto", "200"),
    ("POST", "application/grpc;charset=utf-8", "200"),
  ])
  func methodAndContentType(_ method: String, _ contentType: String?, _ status: String) throws {
    let client = RawClient(.echo())
    let answer = try client.ask(
      RawClient.headers(Echo.unary.path, method: method, contentType: contentType), framed("a"))
    #expect(answer.headers.first(":status") == status)
    #expect((answer.status != nil) == (status == "200"))
    #expect(client.server.counters.callsRefused == (status == "200" ? 0 : 1))
  }

  @Test(arguments: [
    ("/test.Echo/Nothing", "unknown method Nothing for service test.Echo"),
    ("/no.Such/Method", "unknown service no.Such"),
    ("/", "unknown service%20"),
    ("/test.Echo", "unknown method  for service test.Echo"),
  ])
  func unknownPath(_ path: String, _ message: String) throws {
    let answer = try RawClient(.echo()).ask(RawClient.headers(path), framed("a"))
    #expect(answer.headers.first(":status") == "200")
    #expect(answer.headers.first("grpc-status") == "12", "trailers-only")
    #expect(answer.message == message)
  }

  static let bodies: [(String, [UInt8], String)] = [
    ("no message", [], "12"),
    ("two messages", framed("a") + framed("b"), "12"),
    ("compressed, nothing agreed", framed("a", flag: 1), "13"),
    ("a flag that means nothing", framed("a", flag: 2), "13"),
    ("cut in the prefix", [0, 0, 0], "13"),
    ("cut in the message", framed("abc", length: 4), "13"),
    ("a message and a cut one", framed("a") + [0], "13"),
    ("announced too large", framed("a", length: 5 << 20), "8"),
    ("announced 4 GiB", framed("a", length: Int(UInt32.max)), "8"),
    ("does not decode", framed("poison"), "3"),
    ("an empty message", framed(""), "0"),
  ]

  @Test(arguments: bodies)
  func body(_ name: String, _ body: [UInt8], _ status: String) throws {
    let client = RawClient(.echo())
    let answer = try client.ask(RawClient.headers(Echo.unary.path), body)
    #expect(answer.status == status, "\(name)")
    #expect(client.server.openCallCount == 0)
    #expect(client.server.counters.messagesTooLarge == (status == "8" ? 1 : 0))
  }

  @Test func tooLargeIsDecidedFromThePrefix() throws {
    let client = RawClient(.echo())
    let stream = try client.session.request(RawClient.headers(Echo.unary.path))
    _ = client.session.write(stream) { $0 += [0, 0x7f, 0, 0, 0] }
    client.pump()
    #expect(client.answers[stream.id]?.status == "8", "before a byte of it came")
    #expect(client.answers[stream.id]?.closed == .noError)
  }

  @Test(arguments: [("gzip", "12"), ("identity", "0"), ("snappy", "12")])
  func encoding(_ encoding: String, _ status: String) throws {
    let answer = try RawClient(.echo()).ask(
      RawClient.headers(Echo.unary.path, ["grpc-encoding": encoding]), framed("a"))
    #expect(answer.status == status)
    #expect(answer.headers.first("grpc-accept-encoding") == (status == "0" ? nil : "identity"))
  }

  @Test(arguments: ["", "5", "S", "123456789S", "-1S", "1.5S", "1x", "٣S"])
  func malformedTimeout(_ timeout: String) throws {
    let answer = try RawClient(.echo()).ask(
      RawClient.headers(Echo.unary.path, ["grpc-timeout": timeout]), framed("a"))
    #expect(answer.status == "13")
  }

  @Test func headersOverTheLimit() throws {
    var headers = RawClient.headers(Echo.unary.path)
    for number in 0..<100 { headers.add("x-\(number)", String(repeating: "y", count: 100)) }
    let client = RawClient(.echo())
    let answer = try client.ask(headers, framed("a"))
    #expect(answer.status == "8")
    #expect(client.server.counters.headersTooLarge == 1)
    #expect(
      try client.ask(RawClient.headers(Echo.unary.path), framed("a")).status == "0", "the connection goes on")
  }

  @Test func trailersFromTheClientEndItsSide() throws {
    let client = RawClient(.echo())
    let stream = try client.session.request(RawClient.headers(Echo.unary.path))
    _ = client.session.write(stream) { $0 += framed("a") }
    client.session.finish(stream, trailers: ["x": "y"])
    client.pump()
    #expect(client.answers[stream.id]?.status == "0")
  }
}
