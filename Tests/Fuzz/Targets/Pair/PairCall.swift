import GRPC

/// One call with both its ends, and what each of them has said and heard.
final class PairCall {
  let number: Int
  /// Whether the server answers each message with one as large, from within its handler.
  let echoes: Bool

  /// Nil before it began and after it ended.
  private(set) var client: ClientCall?
  private(set) var server: ServerCall?
  private var requests: Lane
  private var responses: Lane

  /// Whether the client may end the call by itself: it cancelled, or has a deadline, or sent too much at once.
  private var mayEndAtClient: Bool
  private var finished: Status?
  private(set) var clientStatus: Status?
  private(set) var serverEnd: CallEnd?
  private var hasReachedServer = false

  init(number: Int, echoes: Bool, hasDeadline: Bool) {
    self.number = number
    self.echoes = echoes
    mayEndAtClient = hasDeadline
    requests = Lane(seed: number &* 2000)
    responses = Lane(seed: number &* 2000 + 1000)
  }

  func began(_ call: ClientCall) { client = call }

  func arrived(_ call: ServerCall) {
    require(!hasReachedServer, "call \(number) arrives twice")
    hasReachedServer = true
    server = call
  }

  // What the application does.

  func sendRequest(_ size: Int, compressed: Bool) {
    guard let client else { return }
    let before = client.connection.counters.messagesSent
    client.sendMessage(compressed: compressed) { $0 += requests.next(size) }
    if client.connection.counters.messagesSent > before { requests.sent(size) }
    if client.isEnded { mayEndAtClient = true }
  }

  func sendResponse(_ size: Int, compressed: Bool) {
    guard let server else { return }
    let before = server.connection.counters.messagesSent
    server.sendMessage(compressed: compressed) { $0 += responses.next(size) }
    if server.connection.counters.messagesSent > before { responses.sent(size) }
  }

  func cancelAtClient() {
    mayEndAtClient = true
    client?.cancel()
  }

  func finish(_ status: Status) {
    guard let server, !server.isEnded else { return }
    finished = status
    server.finish(status)
  }

  func resume() {
    client?.resumeReading()
    server?.resumeReading()
  }

  // What it hears.

  func receiveRequest(_ message: UnsafeRawBufferPointer) {
    requests.received(message)
    if echoes { sendResponse(message.count, compressed: true) }
  }

  func receiveResponse(_ message: UnsafeRawBufferPointer) { responses.received(message) }

  func requestsEnded() { require(requests.hasAllArrived, "the end of call \(number) overtook its messages") }

  func endedAtClient(_ status: Status) {
    require(clientStatus == nil, "call \(number) ends twice at the client")
    (client, clientStatus) = (nil, status)
    guard status.isOK else { return }
    require(finished?.isOK == true, "call \(number) is OK for the client, but not for the server")
    require(responses.hasAllArrived, "call \(number) is OK, but messages are missing")
  }

  func endedAtServer(_ reason: CallEnd) {
    require(serverEnd == nil, "call \(number) ends twice at the server")
    (server, serverEnd) = (nil, reason)
  }

  // What must hold.

  /// Once all bytes have been delivered, and everybody reads.
  func checkSettled() {
    guard let client, let server, !server.isEnded else { return }
    require(
      client.bufferedBytes == 0, "\(client.bufferedBytes) bytes of call \(number) never leave the client")
    require(
      server.bufferedBytes == 0, "\(server.bufferedBytes) bytes of call \(number) never leave the server")
    require(requests.hasAllArrived, "requests of call \(number) have not arrived")
    require(responses.hasAllArrived, "responses of call \(number) have not arrived")
  }

  /// Once the call is over at both ends of a connection that works.
  func checkAgreement() {
    guard let clientStatus, !mayEndAtClient else { return }
    guard hasReachedServer else {
      return require(clientStatus.code == .unavailable, "call \(number) never arrived: \(clientStatus)")
    }
    guard serverEnd == .finished, let finished else {
      // Who hears UNAVAILABLE may try again, so nobody must have looked at it.
      return require(
        clientStatus.code != .unavailable, "call \(number) arrived, its client heard \(clientStatus)")
    }
    require(
      clientStatus == finished, "call \(number) ended with \(finished), its client heard \(clientStatus)")
  }
}

/// The client's handler.
final class PairClientEnd: ClientCallHandler {
  private unowned let pair: PairCall

  init(_ pair: PairCall) { self.pair = pair }

  func receive(_ message: UnsafeRawBufferPointer, on call: ClientCall) { pair.receiveResponse(message) }

  func ended(_ status: Status, trailers: Metadata, on call: ClientCall) { pair.endedAtClient(status) }
}

/// The server's handler.
final class PairServerEnd: ServerCallHandler {
  private unowned let pair: PairCall

  init(_ pair: PairCall) { self.pair = pair }

  func receive(_ message: UnsafeRawBufferPointer, on call: ServerCall) { pair.receiveRequest(message) }

  func halfClosed(on call: ServerCall) { pair.requestsEnded() }

  func ended(on call: ServerCall, _ reason: CallEnd) { pair.endedAtServer(reason) }
}
