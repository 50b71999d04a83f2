import GRPC
import Gzip
import Synchronization

/// What the service has seen, for tests to look at and wait for.
final class PeerLog: Sendable {
  private struct State {
    var ends: [CallEnd] = []
    var expanded = 0
    var bufferedBytesPeak = 0
    var held: [LoopBound<ServerCall>] = []
    var waiters: [(count: Int, waiter: CheckedContinuation<Void, Never>)] = []
  }

  private let state = Mutex(State())
  /// Called for the control request `drain`.
  let onDrain = Mutex<(@Sendable () -> Void)?>(nil)

  /// Why calls of `Hang` ended, in order.
  var ends: [CallEnd] { state.withLock { $0.ends } }
  /// Messages that `Expand` has sent, over all calls.
  var expanded: Int { state.withLock { $0.expanded } }
  /// The most bytes that a call of `Expand` had waiting.
  var bufferedBytesPeak: Int { state.withLock { $0.bufferedBytesPeak } }

  /// Returns once so many calls of `Hang` have ended.
  func ended(_ count: Int) async {
    await withCheckedContinuation { waiter in
      state.withLock { $0.waiters.append((count, waiter)) }
      wake()
    }
  }

  func end(_ reason: CallEnd) {
    state.withLock { $0.ends.append(reason) }
    wake()
  }

  func sent(_ call: ServerCall) {
    let bytes = call.bufferedBytes
    state.withLock { state in
      state.expanded += 1
      state.bufferedBytesPeak = max(state.bufferedBytesPeak, bytes)
    }
  }

  /// Keeps a call whose reading is paused until `release`.
  func hold(_ call: ServerCall) {
    state.withLock { $0.held.append(LoopBound(call, on: call.connection.executor)) }
  }

  func release() {
    let held = state.withLock { state in
      defer { state.held = [] }
      return state.held
    }
    for call in held { call.execute { $0.resumeReading() } }
  }

  private func wake() {
    let woken = state.withLock { state in
      let woken = state.waiters.filter { $0.count <= state.ends.count }
      state.waiters.removeAll { $0.count <= state.ends.count }
      return woken
    }
    for (_, waiter) in woken { waiter.resume() }
  }
}

/// The service `muster.test.Peer`.
func peerRouter(_ log: PeerLog) -> Router {
  var router = Router()
  router.serverStreaming(Peer.unary) { request, stream in
    if stream.call.metadata.first("x-gzip") != nil { stream.call.compressResponses(with: .gzip) }
    stream.call.sendHeaders(echoed(stream.call.metadata))
    stream.send(request)
    var trailers = echoed(stream.call.metadata, as: "-trailer")
    if stream.call.isMessageCompressed { trailers.add("x-was-compressed", "yes") }
    stream.finish(.ok, trailers: trailers)
  }
  router.serverStreaming(Peer.expand) { request, stream throws(Status) in
    let numbers = request.numbers
    guard numbers.count == 2 else { throw Status(.invalidArgument, "say COUNT SIZE") }
    expand(numbers[0], numbers[1], stream, log)
  }
  router.clientStreaming(Peer.collect) { stream in collect(stream) }
  router.clientStreaming(Peer.slow) { stream in slow(stream, log) }
  router.bidirectional(Peer.chat) { stream in
    stream.call.sendHeaders(echoed(stream.call.metadata))
    return StreamReader(
      onMessage: { stream.send($0) },
      onHalfClose: { stream.finish(.ok, trailers: echoed(stream.call.metadata, as: "-trailer")) })
  }
  router.serverStreaming(Peer.fail) { request, stream throws(Status) in
    let words = request.text.split(separator: " ", maxSplits: 1)
    guard words.count == 2, let code = Int(words[0]).flatMap(StatusCode.init(rawValue:)) else {
      throw Status(.invalidArgument, "say CODE MESSAGE")
    }
    var trailers: Metadata = ["x-why": "asked"]
    trailers.addBinary("x-why-bin", [0, 0xff])
    stream.finish(Status(code, String(words[1])), trailers: trailers)
  }
  router.serverStreaming(Peer.hang) { _, stream in
    stream.onEnd = { log.end($0) }
    stream.send("started")
  }
  router.unary(Peer.remaining) { _, call in
    guard let deadline = call.deadline else { return "none" }
    return Bytes("\(Int((deadline - Instant.monotonic) / .milliseconds(1)))")
  }
  router.unary(Peer.control) { request, call in answer(request.text, log) }
  return router
}

/// The `x-…` pairs of a request, with something added to their names, before any `-bin`.
private func echoed(_ metadata: Metadata, as suffix: String = "") -> Metadata {
  var echo: Metadata = [:]
  for pair in metadata where pair.name.hasPrefix("x-") {
    let isBinary = pair.name.hasSuffix("-bin")
    let name = isBinary ? String(pair.name.dropLast(4)) + suffix + "-bin" : pair.name + suffix
    echo.add(name, pair.value)
  }
  return echo
}

private func expand(_ count: Int, _ size: Int, _ stream: ServerStream<Bytes>, _ log: PeerLog) {
  var next = 0
  let more = {
    while next < count {
      let hasRoom = stream.send(Bytes(number: next, size: size))
      next += 1
      log.sent(stream.call)
      guard hasRoom else { return }
    }
    stream.finish(.ok)
  }
  stream.onWritable = more
  more()
}

private func collect(_ stream: ServerStream<Bytes>) -> StreamReader<Bytes> {
  var (count, total) = (0, 0)
  return StreamReader(
    onMessage: { message in
      count += 1
      total += message.bytes.count
    },
    onHalfClose: { stream.finish(with: Bytes("\(count) \(total)")) })
}

/// Reads one request, then none until it is released.
private func slow(_ stream: ServerStream<Bytes>, _ log: PeerLog) -> StreamReader<Bytes> {
  var count = 0
  return StreamReader(
    onMessage: { _ in
      count += 1
      guard count == 1 else { return }
      stream.call.pauseReading()
      log.hold(stream.call)
    },
    onHalfClose: { stream.finish(with: Bytes("\(count)")) })
}

private func answer(_ request: String, _ log: PeerLog) -> Bytes {
  switch request {
  case "release":
    log.release()
    return "ok"
  case "drain":
    log.onDrain.withLock { $0 }?()
    return "ok"
  case "expanded": return Bytes("\(log.expanded)")
  case "ends": return Bytes(log.ends.map { "\($0)" }.joined(separator: " "))
  default: return "ok"
  }
}
