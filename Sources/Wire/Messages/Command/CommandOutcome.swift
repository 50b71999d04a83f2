internal import CProtobufC

/// What became of a command.
public enum CommandOutcome: Int, Sendable, CaseIterable {
  /// Nobody knows, or a newer peer has an outcome that is not known here.
  case unknown = 0
  /// It was carried out.
  case ok = 1
  /// It could not be carried out.
  case failed = 2
  /// Forbidden by the host's own administrator.
  case refused = 3
  /// Its time to live had passed before it began.
  case expired = 4
  /// Whoever asked did not want it any more.
  case cancelled = 5
  /// The collector does not know the command.
  case unsupported = 6
  /// The aggregator's word: no result came in time.
  case timedOut = 7
  /// The aggregator's word: the connection was lost before the result came. The command may have been carried
  /// out.
  case lost = 8
  /// The aggregator's word: the host is not connected, nothing was sent.
  case unreachable = 9
}

extension CommandOutcome: WireEnum {
  typealias Packed = Muster__V1__CommandOutcome
  static var unheard: CommandOutcome { .unknown }
}
