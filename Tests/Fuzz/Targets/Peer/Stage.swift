import GRPC

/// Drives one connection as an event loop would, on a clock of its own, and checks what any driver relies on.
final class Stage {
  let connection: any GRPCConnection
  private(set) var now = Instant(nanoseconds: 0)
  private(set) var isLost = false
  private var audit: OutputAudit

  init(_ connection: any GRPCConnection, isClient: Bool) {
    self.connection = connection
    audit = OutputAudit(isClient: isClient)
  }

  /// Gives the connection bytes, in pieces of so many; 0: in one. Each piece has memory of its own, so that reading
  /// beside it, or after the call, is noticed.
  func receive(_ bytes: [UInt8], pieces: Int = 0) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let piece = rest.prefix(pieces > 0 ? pieces : .max)
      rest = rest.dropFirst(piece.count)
      let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: piece.count, alignment: 1)
      memory.copyBytes(from: piece)
      connection.receive(UnsafeRawBufferPointer(memory), at: now)
      memory.deallocate()
    }
    check()
  }

  /// Lets time pass. What was due has then been done: a driver that ticks when it is asked to must not be asked to
  /// tick at once again.
  func tick(after duration: Duration) {
    now += duration
    connection.tick(at: now)
    if let next = connection.nextDeadline {
      require(next > now, "after a tick at \(now) the next one is wanted at \(next)")
    }
    check()
  }

  /// Takes output, so many chunks at most.
  func take(_ chunks: Int = .max, _ body: (UnsafeRawBufferPointer) -> Void = { _ in }) {
    var taken = 0
    while taken < chunks, takeChunk(body) {
      taken += 1
      require(taken < 100_000, "the output does not end")
    }
    check()
  }

  private func takeChunk(_ body: (UnsafeRawBufferPointer) -> Void) -> Bool {
    connection.takeOutput {
      audit.take($0)
      body($0)
    }
  }

  func lose() {
    isLost = true
    connection.connectionLost(at: now)
    check()
  }

  private func check() {
    guard isLost else { return }
    require(connection.isFinished, "a lost connection is not finished")
    require(!connection.wantsOutput, "a lost connection wants to send")
    require(!connection.takeOutput { _ in }, "a lost connection sends")
    require(connection.nextDeadline == nil, "a lost connection has a deadline")
  }
}
