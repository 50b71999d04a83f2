import NIOCore
import NIOTLS

/// Watches a connection from TCP's accept or connect until HTTP/2 runs on it, then leaves the pipeline.
///
///     connecting ──TCP──► securing ──TLS, ALPN h2──► preface ──peer's first frames──► open
///          └──────────────────┴─────────────────────────┴── error, deadline, close ──► failed
///
/// It holds `channelActive` back until TLS is done, so what follows it in the pipeline sees plain HTTP/2 only.
final class OpeningHandler: ChannelInboundHandler, RemovableChannelHandler, NIOScheduledCallbackHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer

  /// How many bytes show that the peer speaks HTTP/2; the session has accepted them by then.
  enum PeerPreface: Int {
    /// The client's 24 fixed bytes and the header of its SETTINGS frame (RFC 9113, section 3.4).
    case client = 33
    /// The header of the server's SETTINGS frame.
    case server = 9
  }

  private static let notHTTP2 = OpeningOutcome.failed(.notHTTP2, "the peer does not speak HTTP/2")

  private enum Phase: String {
    case connecting = "while connecting"
    case securing = "during the TLS handshake"
    case preface = "before the peer spoke HTTP/2"
    case decided = ""
  }

  private let isProtocolBroken: () -> Bool
  private let expected: PeerPreface
  private let isSecured: Bool
  private let deadline: NIODeadline
  private let decided: (OpeningOutcome) -> Void
  private var phase = Phase.connecting
  private var receivedBytes = 0
  private var timer: NIOScheduledCallback?
  private var context: ChannelHandlerContext?

  /// `isProtocolBroken` asks the connection whether what it received is not HTTP/2. `decided` is called exactly once.
  init(
    expecting preface: PeerPreface, isSecured: Bool, deadline: NIODeadline,
    isProtocolBroken: @escaping () -> Bool, decided: @escaping (OpeningOutcome) -> Void
  ) {
    self.isProtocolBroken = isProtocolBroken
    self.expected = preface
    self.isSecured = isSecured
    self.deadline = deadline
    self.decided = decided
  }

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    timer = try? context.eventLoop.assumeIsolated().scheduleCallback(at: deadline, handler: self)
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    decide(.failed(.closed, "the connection was closed \(phase.rawValue)"))
    self.context = nil
  }

  func channelActive(context: ChannelHandlerContext) {
    phase = isSecured ? .securing : .preface
    if !isSecured { context.fireChannelActive() }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case .handshakeCompleted(let negotiated) = event as? TLSUserEvent {
      handshakeCompleted(negotiated, context)
    }
    context.fireUserInboundEventTriggered(event)
  }

  private func handshakeCompleted(_ negotiated: String?, _ context: ChannelHandlerContext) {
    guard phase == .securing else { return }
    guard negotiated == TLSProtocols.http2 else {
      let what = negotiated.map { "the peer chose \"\($0)\"" } ?? "the peer negotiated no protocol"
      decide(.failed(.noProtocol, "TLS: \(what); ALPN \"\(TLSProtocols.http2)\" is required"))
      context.close(promise: nil)
      return
    }
    phase = .preface
    context.fireChannelActive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    receivedBytes += unwrapInboundIn(data).readableBytes
    context.fireChannelRead(data)
  }

  /// After the connection has judged what was read, and has written its answer.
  func channelReadComplete(context: ChannelHandlerContext) {
    context.fireChannelReadComplete()
    guard phase == .preface, receivedBytes > 0 else { return }
    if isProtocolBroken() {
      decide(Self.notHTTP2)
    } else if receivedBytes >= expected.rawValue {
      decide(.opened)
      context.pipeline.syncOperations.removeHandler(self, promise: nil)
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    decide(
      isProtocolBroken()
        ? Self.notHTTP2 : .failed(.closed, "the connection was closed \(phase.rawValue)"))
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    let (kind, reason) = OpeningOutcome.explain(error)
    decide(.failed(kind, reason))
    context.fireErrorCaught(error)
  }

  func handleScheduledCallback(eventLoop: some EventLoop) {
    timer = nil
    guard phase != .decided else { return }
    decide(.failed(.timedOut, "timed out \(phase.rawValue)"))
    context?.close(promise: nil)
  }

  private func decide(_ outcome: OpeningOutcome) {
    guard phase != .decided else { return }
    phase = .decided
    timer?.cancel()
    timer = nil
    decided(outcome)
  }
}
