// GRPCNIO drives the sans-I/O connections of GRPC on NIO channels.
//
// Invariants:
// - A connection, its calls and its handler live on one event loop and never leave it. What other threads may
//   hold is Sendable: a channel, an executor, the two bounded queues between a task and its call.
// - One write is in flight at a time. While the socket does not take it, no more output is taken from the
//   connection, so its buffers fill, its high-water marks hold the writers back, and urgent frames
//   overtake whatever has not been framed yet.
// - One timer per connection. It is not moved when a deadline moves away; it fires early and looks again.

import GRPC
import NIOCore

/// Moves bytes and time between one NIO channel and one `GRPCConnection`.
///
///     channelRead ──► receive ──► (application) ──► onOutputReady
///                                                      │ coalesced: read complete or next loop turn
///     socket ◄── one write in flight ◄── takeOutput ◄──┘
final class GRPCConnectionHandler: ChannelDuplexHandler, NIOScheduledCallbackHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundIn = Never
  typealias OutboundOut = ByteBuffer

  /// Events other threads send down the channel's pipeline.
  enum Command: Sendable {
    /// Finish the open calls, accept no new ones, then close.
    case windDown
    /// Close now; open calls end as UNAVAILABLE.
    case abort
  }

  /// Batches written in one turn before other connections of the loop get theirs.
  static let batchesPerTurnMaximum = 16
  /// How soon the timer fires at the earliest.
  static let timerDelayMinimum = Duration.milliseconds(1)
  /// How long a finished connection may take to hand its last bytes to the peer.
  static let lingerTime = Duration.seconds(5)

  private let connection: any GRPCConnection
  private let windDown: (Instant) -> Void
  private var context: ChannelHandlerContext?
  private var isActive = false
  private var isClosing = false
  private var isShutDown = false
  private var isReceiving = false
  private var isFlushing = false
  private var isFlushScheduled = false
  private var isWriteInFlight = false
  private var lingerDeadline: Instant?
  private var timer: (callback: NIOScheduledCallback, due: Instant)?

  /// `windDown` is what ends this kind of connection gracefully.
  init(driving connection: any GRPCConnection, windDown: @escaping (Instant) -> Void) {
    self.connection = connection
    self.windDown = windDown
  }

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    let loop = context.eventLoop.assumeIsolated()
    // Not weak: weakly referenced objects have their reference counts in a side table, which every use of them pays for.
    // `shutDown` takes the closure away before the handler can go.
    connection.onOutputReady = { [unowned self] in outputReady(on: loop) }
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    shutDown(context)
    self.context = nil
  }

  func channelActive(context: ChannelHandlerContext) {
    isActive = true
    flush()
    context.fireChannelActive()
  }

  func channelInactive(context: ChannelHandlerContext) {
    shutDown(context)
    context.fireChannelInactive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard isActive, !connection.isFinished else { return }
    isReceiving = true
    let buffer = unwrapInboundIn(data)
    buffer.withUnsafeReadableBytes { connection.receive($0, at: context.eventLoop.instant) }
    isReceiving = false
    ReceiveBuffer.giveBack(buffer)
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    flush()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    // The peer's or the network's fault, told to the calls by `connectionLost`; nothing here can be mended.
    context.close(promise: nil)
  }

  func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?)
  {
    guard let command = event as? Command else {
      context.triggerUserOutboundEvent(event, promise: promise)
      return
    }
    promise?.succeed()
    switch command {
    case .windDown where isActive:
      windDown(context.eventLoop.instant)
      flush()
    case .windDown, .abort:
      context.close(promise: nil)
    }
  }

  func handleScheduledCallback(eventLoop: some EventLoop) {
    timer = nil
    guard isActive else { return }
    let now = eventLoop.instant
    if let lingerDeadline, lingerDeadline <= now {
      close()
      return
    }
    isReceiving = true
    connection.tick(at: now)
    isReceiving = false
    flush()
  }
}

// MARK: - Output

extension GRPCConnectionHandler {
  /// Output arose outside `receive` and `tick`: one flush in the next turn serves all of it.
  private func outputReady(on loop: NIOIsolatedEventLoop) {
    guard isActive, !isReceiving, !isFlushing, !isFlushScheduled else { return }
    isFlushScheduled = true
    loop.execute {
      self.isFlushScheduled = false
      self.flush()
    }
  }

  private func flush() {
    guard isActive, !isClosing, !isFlushing, let context else { return }
    isFlushing = true
    var batches = 0
    while !isWriteInFlight, batches < Self.batchesPerTurnMaximum, let batch = nextBatch(context) {
      batches += 1
      write(batch, context)
    }
    isFlushing = false
    if batches == Self.batchesPerTurnMaximum, !isWriteInFlight {
      outputReady(on: context.eventLoop.assumeIsolated())
    } else if connection.isFinished, !isWriteInFlight {
      close()
      return
    }
    armTimer(context)
  }

  private func nextBatch(_ context: ChannelHandlerContext) -> ByteBuffer? {
    OutputBatch.ofThisLoop(context.channel.allocator).collect(from: connection)
  }

  private func write(_ batch: ByteBuffer, _ context: ChannelHandlerContext) {
    isWriteInFlight = true
    let written = context.eventLoop.makePromise(of: Void.self)
    // Usually the socket takes everything at once and this runs before `writeAndFlush` returns.
    written.futureResult.assumeIsolated().whenComplete { _ in
      self.isWriteInFlight = false
      self.flush()
    }
    context.writeAndFlush(wrapOutboundOut(batch), promise: written)
  }
}

// MARK: - Time and the end

extension GRPCConnectionHandler {
  private func armTimer(_ context: ChannelHandlerContext) {
    if connection.isFinished, lingerDeadline == nil {
      lingerDeadline = context.eventLoop.instant + Self.lingerTime
    }
    guard let due = lingerDeadline ?? connection.nextDeadline else { return }
    if let timer {
      guard due < timer.due else { return }
      timer.callback.cancel()
    }
    let loop = context.eventLoop.assumeIsolated()
    // Not at once, so that a deadline which no tick moves costs a little and not the whole loop.
    let time = max(due, context.eventLoop.instant + Self.timerDelayMinimum)
    timer = (try? loop.scheduleCallback(at: NIODeadline(time), handler: self)).map { ($0, due) }
  }

  private func close() {
    guard !isClosing else { return }
    isClosing = true
    context?.close(promise: nil)
  }

  private func shutDown(_ context: ChannelHandlerContext) {
    timer?.callback.cancel()
    timer = nil
    guard !isShutDown else { return }
    isShutDown = true
    isActive = false
    connection.connectionLost(at: context.eventLoop.instant)
    connection.onOutputReady = nil
  }
}
