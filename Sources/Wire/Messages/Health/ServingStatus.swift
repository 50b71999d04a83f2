internal import CProtobufC

/// Whether a service can be called, in the words of `grpc.health.v1`.
public enum ServingStatus: Int, Sendable, CaseIterable {
  /// Nothing is known, or the peer has a status that is not known here.
  case unknown = 0
  /// It takes calls.
  case serving = 1
  /// It exists, and should not be called now.
  case notServing = 2
  /// No such service; only said in answers to Watch.
  case serviceUnknown = 3
}

extension ServingStatus: WireEnum {
  typealias Packed = Grpc__Health__V1__HealthCheckResponse__ServingStatus
  static var unheard: ServingStatus { .unknown }
}
