import HTTP2

/// A client and a server session joined in memory; both write down what they hear.
final class SessionPair {
  let client: HTTP2Session
  let server: HTTP2Session
  var clientEvents: [String] = []
  var serverEvents: [String] = []
  /// The server's streams by number.
  var streams: [Int32: HTTP2Stream] = [:]
  /// Whether received bytes give their window back at once.
  var consumes = true
  var onServerEvent: (HTTP2Event) -> Void = { _ in }

  init(client: HTTP2Settings = HTTP2Settings(), server: HTTP2Settings = HTTP2Settings()) {
    self.client = HTTP2Session(role: .client, settings: client)
    self.server = HTTP2Session(role: .server, settings: server)
  }

  /// Moves bytes both ways, `piece` at a time, until both sides are silent.
  func pump(piece: Int = .max) throws {
    while true {
      let there = output(of: client, { clientEvents.append(describe($0)) })
      try give(there, to: server, piece: piece) { self.serverHears($0) }
      let back = output(of: server, { self.serverHears($0) })
      try give(back, to: client, piece: piece) { self.clientHears($0) }
      if there.isEmpty, back.isEmpty { return }
    }
  }

  func output(of session: HTTP2Session, _ handle: (HTTP2Event) -> Void) -> [UInt8] {
    var bytes: [UInt8] = []
    while session.takeOutput({ bytes += $0 }) { session.deliver(handle) }
    session.deliver(handle)
    return bytes
  }

  func give(_ bytes: [UInt8], to session: HTTP2Session, piece: Int, _ handle: (HTTP2Event) -> Void) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let part = Array(rest.prefix(piece))
      rest = rest.dropFirst(part.count)
      try part.withUnsafeBytes { try session.receive($0, handle) }
    }
  }

  private func serverHears(_ event: HTTP2Event) {
    if case .headers(let headers) = event { streams[headers.stream.id] = headers.stream }
    consume(event, server)
    serverEvents.append(describe(event))
    onServerEvent(event)
  }

  private func clientHears(_ event: HTTP2Event) {
    consume(event, client)
    clientEvents.append(describe(event))
  }

  private func consume(_ event: HTTP2Event, _ session: HTTP2Session) {
    guard consumes, case .data(let id, let bytes) = event else { return }
    session.consumeConnection(bytes.count)
    session.consumeStream(id, bytes.count)
  }
}

/// An event as a line of a transcript; the bytes of consecutive DATA stay apart.
func describe(_ event: HTTP2Event) -> String {
  switch event {
  case .headers(let event):
    let status = event.headers.first(":status").map { " \($0)" } ?? ""
    return
      "\(event.stream.id) \(event.kind)\(status)\(event.isEnd ? " end" : "")\(event.isTruncated ? " cut" : "")"
  case .data(let id, let bytes): return "\(id) data \(String(decoding: bytes, as: UTF8.self))"
  case .end(let id): return "\(id) end"
  case .endSent(let id): return "\(id) end sent"
  case .writable(let id): return "\(id) writable"
  case .closed(let id, let code): return "\(id) closed \(code)"
  case .resetProvoked: return "reset provoked"
  case .ping: return "ping"
  case .pingAcknowledged(let number): return "pong \(number)"
  case .goAway(let last, let code, let debug): return "go away \(last) \(code)\(debug)"
  case .goAwaySent(let code): return "go away sent \(code)"
  }
}

let request: HTTP2Headers = [":method": "POST", ":scheme": "http", ":path": "/", ":authority": "test"]
let response: HTTP2Headers = [":status": "200"]

extension HTTP2Session {
  @discardableResult
  func write(_ stream: HTTP2Stream, _ text: String) -> Bool {
    write(stream) { $0 += text.utf8 }
  }
}
