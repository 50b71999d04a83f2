import GRPC
import NIOCore
import Synchronization

/// One call of a client, on the border between its connection's loop and the tasks that use it.
///
///     task ─► outbox ─► ┐ loop ┌─► ClientCall ─► …
///     task ◄─ inbox  ◄─ ┘      └◄─
final class LoopCall: Sendable, ClientCallHandler {
  let inbox = MessageInbox()
  private let outbox = MessageOutbox()
  private let loop: any EventLoop
  /// Nil before the call has started and after it has ended.
  private let call: NIOLoopBoundBox<ClientCall?>
  private let isEnded = Atomic(false)

  init(on loop: any EventLoop) {
    self.loop = loop
    call = .makeEmptyBox(valueType: ClientCall.self, eventLoop: loop)
  }

  // MARK: Any thread

  /// Starts the call. A failure is how the call ends.
  func start(
    _ head: CallHead, on connection: NIOLoopBound<ClientConnection>, started: (@Sendable () -> Void)? = nil
  ) {
    loop.execute {
      do throws(Status) {
        let call = try connection.value.start(
          head.path, metadata: head.metadata, timeout: head.timeout, codec: head.codec, at: self.loop.instant,
          handler: self)
        if !call.isEnded { self.call.value = call }
        self.pump()
      } catch {
        self.end(error, [:])
      }
      started?()
    }
  }

  /// Queues a message, and waits when too many wait already.
  nonisolated(nonsending) func send(_ message: OutboundMessage) async throws(Status) {
    let added = try outbox.add(message)
    if added.wakeLoop { loop.execute { self.pump() } }
    if added.isFull { try await outbox.waitForRoom(of: self) }
  }

  /// Puts a message in before the call starts.
  func prepare(_ message: OutboundMessage) throws(Status) {
    _ = try outbox.add(message)
  }

  func halfClose() {
    if outbox.halfClose() { loop.execute { self.pump() } }
  }

  func cancel() {
    onLoopUnlessEnded { $0.cancel() }
  }

  func resumeReading() {
    onLoopUnlessEnded { $0.resumeReading() }
  }

  private func onLoopUnlessEnded(_ body: @escaping @Sendable (ClientCall) -> Void) {
    guard !isEnded.load(ordering: .acquiring) else { return }
    loop.execute {
      if let call = self.call.value { body(call) }
    }
  }

  // MARK: The loop

  private func pump() {
    guard let call = call.value else { return }
    while !call.isEnded {
      switch outbox.take(hasRoom: call.isWritable) {
      case .message(let message):
        call.sendMessage(compressed: message.isCompressed) { $0.append(contentsOf: message.bytes) }
      case .halfClose: call.halfClose()
      case .nothing: return
      }
    }
  }

  private func end(_ status: Status, _ trailers: Metadata) {
    call.value = nil
    isEnded.store(true, ordering: .releasing)
    outbox.finish(status)
    inbox.finish(MessageInbox.End(status: status, trailers: trailers))
  }

  func receivedHeaders(_ metadata: Metadata, on call: ClientCall) {
    inbox.receivedHeaders(metadata)
  }

  func receive(_ message: UnsafeRawBufferPointer, on call: ClientCall) {
    let message = InboundMessage(bytes: [UInt8](message), wasCompressed: call.isMessageCompressed)
    if inbox.push(message) { call.pauseReading() }
  }

  func writable(on call: ClientCall) {
    pump()
  }

  func ended(_ status: Status, trailers: Metadata, on call: ClientCall) {
    end(status, trailers)
  }
}

/// What a call begins with.
struct CallHead: Sendable {
  let path: String
  let metadata: Metadata
  let timeout: Duration?
  let codec: MessageCodec?

  init(_ path: String, _ metadata: Metadata, _ timeout: Duration?, _ codec: MessageCodec?) {
    self.path = path
    self.metadata = metadata
    self.timeout = timeout
    self.codec = codec
  }
}

/// Cancels a call when nobody holds it any more.
final class CallOwner: Sendable {
  let call: LoopCall

  init(_ call: LoopCall) {
    self.call = call
  }

  deinit {
    call.cancel()
  }
}
