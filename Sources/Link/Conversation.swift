import GRPC
import Glibc

/// An established connection: carries bytes between a channel and the gRPC connection, until either is over.
///
///     talking ──► finishing ──► over    finishing: gRPC has finished; what is left is written, this half closed,
///        │                        ▲                 and the peer's half awaited, all within `lingerTimeout`
///        └────────────────────────┘     the peer closed, or the connection broke
final class Conversation {
  enum Progress {
    case goesOn
    case over(LinkError?)
  }

  let channel: any ByteChannel
  let grpc: ClientConnection
  private let limits: LinkLimits
  private let input: InputBuffer
  private var rest = OutputRest()
  /// What reading waits for; nil for as long as input may be left inside the channel or the socket.
  private var readWait: Wait? = .readable
  private var writeWait: Wait?
  /// Set once the gRPC connection has finished: when the rest of the output and the peer's half are no longer waited for.
  private var finishDeadline: Instant?
  /// All is written, and this side's half is closed.
  private var hasFinishedWriting = false
  private var hasReceived = false

  init(_ channel: any ByteChannel, _ grpc: ClientConnection, limits: LinkLimits, input: InputBuffer) {
    self.channel = channel
    self.grpc = grpc
    self.limits = limits
    self.input = input
  }

  var interest: Int16 {
    var events = Int32(POLLIN)
    let wantsToWrite = !hasFinishedWriting && (!rest.isEmpty || grpc.wantsOutput)
    if readWait == .writable || wantsToWrite && writeWait != .readable { events |= Int32(POLLOUT) }
    return Int16(events)
  }

  /// Due at once while input is left that `poll` may not announce.
  func nextDeadline(at now: Instant) -> Instant? {
    if readWait == nil { return now }
    guard let finishDeadline else { return grpc.nextDeadline }
    return min(finishDeadline, grpc.nextDeadline ?? finishDeadline)
  }

  /// Moves what can be moved: first in, as that may free window, then out.
  func move(at now: Instant) -> Progress {
    if case .over(let error) = receive(at: now) { return .over(error) }
    return send(at: now)
  }

  func tick(at now: Instant) -> Progress {
    if let finishDeadline, now >= finishDeadline { return .over(finishReason) }
    grpc.tick(at: now)
    return readWait == nil ? move(at: now) : send(at: now)
  }

  /// Says what calls have queued, and goodbye, as far as the socket takes it without waiting.
  func finishNow(at now: Instant) {
    guard !hasFinishedWriting else { return }
    // What is queued first: `close` drops it with the calls.
    if case .over = send(at: now) { return }
    if !grpc.isFinished { grpc.close() }
    if case .over = send(at: now) { return }
    if !hasFinishedWriting { channel.finishWriting() }
    // Input left unread turns the end into a reset, which may overtake what was just sent.
    _ = receive(at: now)
  }

  // MARK: In

  private func receive(at now: Instant) -> Progress {
    readWait = nil
    var left = limits.readBytesPerCall
    while left > 0 {
      switch channel.read(into: input.bytes) {
      case .bytes(let count):
        left -= count
        if let error = take(UnsafeRawBufferPointer(rebasing: input.bytes.prefix(count)), at: now) {
          return .over(error)
        }
        // A short read emptied the socket: `poll` tells of the next byte.
        if count < input.bytes.count, !channel.hasBufferedInput {
          readWait = .readable
          return .goesOn
        }
      case .blocked(let wait):
        readWait = wait
        return .goesOn
      case .endOfStream:
        return .over(endReason)
      case .failed(let error):
        return .over(grpc.isFinished ? finishReason : error)
      }
    }
    return .goesOn
  }

  private func take(_ bytes: UnsafeRawBufferPointer, at now: Instant) -> LinkError? {
    if !hasReceived, channel is PlainChannel, bytes.starts(with: Self.tlsAlert) {
      return LinkError(.noHTTP2, "peer speaks TLS, and tls is not configured here")
    }
    hasReceived = true
    // Once finished there is nobody to hear it; it is read so that the peer's end is seen, and no reset sent.
    if !grpc.isFinished { grpc.receive(bytes, at: now) }
    return nil
  }

  /// How a TLS server answers what is not TLS: an alert record (RFC 8446, section 5.1).
  private static let tlsAlert: [UInt8] = [0x15, 0x03]

  // MARK: Out

  func send(at now: Instant) -> Progress {
    guard !hasFinishedWriting else { return .goesOn }
    if finishDeadline == nil, grpc.isFinished { finishDeadline = now + limits.lingerTimeout }
    writeWait = nil
    // Mostly there is nothing to send.
    guard !rest.isEmpty || grpc.wantsOutput || grpc.isFinished else { return .goesOn }
    var left = limits.writeBytesPerCall
    while left > 0, writeWait == nil {
      let outcome = rest.isEmpty ? sendNext() : sendRest()
      switch outcome {
      case nil:
        if grpc.isFinished { finishWriting(at: now) }
        return .goesOn
      case .bytes(let count): left -= count
      case .blocked(let wait): writeWait = wait
      case .failed(let error): return broken(error, at: now)
      }
    }
    return .goesOn
  }

  private func sendRest() -> WriteOutcome? {
    let outcome = rest.withBytes { channel.write($0) }
    if case .bytes(let count) = outcome { rest.removeFirst(count) }
    return outcome
  }

  /// Writes the connection's next chunk, and keeps of it what the socket does not take; nil when there is none.
  private func sendNext() -> WriteOutcome? {
    var outcome: WriteOutcome?
    _ = grpc.takeOutput { chunk in
      guard !chunk.isEmpty else { return }
      let written = channel.write(chunk)
      var taken = 0
      if case .bytes(let count) = written { taken = count }
      if taken < chunk.count { rest.append(UnsafeRawBufferPointer(rebasing: chunk.dropFirst(taken))) }
      outcome = written
    }
    return outcome
  }

  /// The peer may have said why before it went: that tells more than EPIPE does.
  private func broken(_ error: LinkError, at now: Instant) -> Progress {
    guard case .over(let reason) = receive(at: now) else { return .over(error) }
    switch reason?.code {
    case .connectionLost, .closedByPeer: return .over(error)
    default: return .over(reason)
    }
  }

  private func finishWriting(at now: Instant) {
    channel.finishWriting()
    hasFinishedWriting = true
    finishDeadline = finishDeadline ?? now + limits.lingerTimeout
  }

  // MARK: Reasons

  /// Why the peer's half ended.
  private var endReason: LinkError? {
    if grpc.isFinished { return finishReason }
    if !grpc.acceptsCalls, grpc.openCallCount == 0 { return nil }
    if let farewell = grpc.farewell { return LinkError(.peerError, farewell) }
    guard !hasReceived else { return LinkError(.closedByPeer, "peer closed the connection") }
    let advice = channel is PlainChannel ? "; if it expects TLS, configure tls" : ""
    return LinkError(.closedByPeer, "peer closed the connection before it said anything\(advice)")
  }

  /// Why the gRPC connection is over; nil when that was agreed.
  private var finishReason: LinkError? {
    let counters = grpc.counters
    let reason = grpc.farewell ?? "the connection failed"
    if counters.keepalivesTimedOut > 0 { return LinkError(.timeout, reason) }
    if counters.protocolViolations > 0 { return LinkError(.peerError, reason) }
    return nil
  }
}
