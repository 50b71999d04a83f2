import GRPC
import HTTP2

/// A client that sends whatever HTTP/2 it is told to a server connection, and writes down the answer.
final class RawClient {
  struct Answer {
    var headers = HTTP2Headers()
    var trailers = HTTP2Headers()
    var body: [UInt8] = []
    var closed: HTTP2ErrorCode?

    var status: String? { trailers.first("grpc-status") ?? headers.first("grpc-status") }
    var message: String? { trailers.first("grpc-message") ?? headers.first("grpc-message") }
  }

  let session = HTTP2Session(role: .client)
  let server: ServerConnection
  var answers: [Int32: Answer] = [:]
  /// The first GOAWAY with an error.
  var goAway: (code: HTTP2ErrorCode, debug: String)?
  var now = Instant(nanoseconds: 0)

  init(_ router: Router, _ configuration: ServerConfiguration = ServerConfiguration()) {
    server = ServerConnection(configuration: configuration, router: router, peer: "raw", at: now)
  }

  static func headers(
    _ path: String, method: String = "POST", contentType: String? = "application/grpc",
    _ more: HTTP2Headers = [:]
  ) -> HTTP2Headers {
    var headers: HTTP2Headers = [":method": method, ":scheme": "http", ":path": path, ":authority": "test"]
    if let contentType { headers.add("content-type", contentType) }
    headers.fields += more.fields
    return headers
  }

  /// Sends a request with a body and END_STREAM, and returns the answer.
  func ask(_ headers: HTTP2Headers, _ body: [UInt8] = []) throws -> Answer {
    let stream = try session.request(headers)
    _ = session.write(stream) { $0 += body }
    session.finish(stream)
    pump()
    return answers[stream.id] ?? Answer()
  }

  func pump() {
    while true {
      var bytes: [UInt8] = []
      while session.takeOutput({ bytes += $0 }) { session.deliver { hear($0) } }
      bytes.withUnsafeBytes { server.receive($0, at: now) }
      var back: [UInt8] = []
      while server.takeOutput({ back += $0 }) {}
      back.withUnsafeBytes { bytes in try? session.receive(bytes) { hear($0) } }
      if bytes.isEmpty, back.isEmpty { return }
    }
  }

  private func hear(_ event: HTTP2Event) {
    switch event {
    case .headers(let event) where event.kind == .response:
      answers[event.stream.id, default: Answer()].headers = event.headers
    case .headers(let event): answers[event.stream.id, default: Answer()].trailers = event.headers
    case .data(let id, let bytes): answers[id, default: Answer()].body += bytes
    case .closed(let id, let code): answers[id, default: Answer()].closed = code
    case .goAway(_, let code, let debug) where code != .noError: goAway = goAway ?? (code, debug)
    default: break
    }
  }
}

/// A server that answers whatever HTTP/2 it is told to a client connection.
final class RawServer {
  let session = HTTP2Session(role: .server)
  let client: ClientConnection
  var requests: [HTTP2HeadersEvent] = []
  var closed: [Int32: HTTP2ErrorCode] = [:]
  var now = Instant(nanoseconds: 0)
  var onRequest: (HTTP2Stream, HTTP2Session) -> Void = { _, _ in }

  init(_ configuration: ClientConfiguration = ClientConfiguration()) {
    client = ClientConnection(configuration: configuration, authority: "test", scheme: "http", at: now)
  }

  func pump() {
    while true {
      var bytes: [UInt8] = []
      while client.takeOutput({ bytes += $0 }) {}
      bytes.withUnsafeBytes { bytes in try? session.receive(bytes) { hear($0) } }
      var back: [UInt8] = []
      while session.takeOutput({ back += $0 }) { session.deliver { hear($0) } }
      back.withUnsafeBytes { client.receive($0, at: now) }
      if bytes.isEmpty, back.isEmpty { return }
    }
  }

  /// The status of a call that this server answers in its way.
  func status(answer: @escaping (HTTP2Stream, HTTP2Session) -> Void) throws -> Status? {
    onRequest = answer
    let recorder = Recorder()
    let call = try client.start("/a/b", handler: recorder)
    call.send(Text("x"))
    pump()
    #if DEBUG
      assert(recorder.endCount <= 1)
    #endif
    return recorder.status
  }

  private func hear(_ event: HTTP2Event) {
    switch event {
    case .headers(let event) where event.kind == .request:
      requests.append(event)
      onRequest(event.stream, session)
    case .closed(let id, let code): closed[id] = code
    default: break
    }
  }
}

/// A message behind its prefix.
func framed(_ text: String, flag: UInt8 = 0, length: Int? = nil) -> [UInt8] {
  let length = UInt32(length ?? text.utf8.count)
  return [flag] + withUnsafeBytes(of: length.bigEndian) { Array($0) } + Array(text.utf8)
}
