import GRPC

/// What callers are told in general.
extension Status {
  /// The program is being stopped: UNAVAILABLE, so that the caller tries again, here or elsewhere.
  static let draining = Status(.unavailable, "the aggregator is shutting down; connect again")
}
