package import Wire

/// The way to one open control stream, from whatever thread: what is given to it arrives on the stream's own loop, in
/// order, or nowhere when the stream is over.
package final class ControlLine: Sendable {
  /// What a stream can be told from outside.
  package enum Message: Sendable {
    /// To be sent to the collector.
    case command(AggregatorCommand)
    /// The same, packed already: for a command that goes to a thousand hosts.
    case packed([UInt8])
    /// Another stream of the same host wants something of this one's session.
    case signal(ControlSignal)
  }

  /// Numbers control streams over the life of the program.
  package let token: UInt64
  private let deliver: @Sendable (Message) -> Void

  /// `deliver` hops to the stream's loop, or does nothing.
  package init(token: UInt64, deliver: @escaping @Sendable (Message) -> Void) {
    self.token = token
    self.deliver = deliver
  }

  /// Hands it over; it may come too late.
  func tell(_ message: Message) {
    deliver(message)
  }
}

/// What one control stream tells another of the same host: who of two may stay.
package enum ControlSignal: Hashable, Sendable {
  /// The stream that was probed under this number is alive: whoever asked is a clone.
  case probeAnswered(UInt64)
  /// The stream that was probed is over: whoever asked may try again.
  case opponentGone
  /// The stream was silent when it was probed; another one speaks for the host from now on.
  case superseded
}
