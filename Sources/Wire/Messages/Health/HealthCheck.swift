internal import CProtobufC
public import GRPC

extension MessageLimits {
  /// Bytes of a service's full name.
  public static let serviceBytes = 256
}

/// The question of `grpc.health.v1.Health`, for `Check` and `Watch`.
public struct HealthCheckRequest: GRPCMessage, Hashable, Sendable {
  /// The service's full name, `package.Service`; empty: the server as a whole.
  public var service: String

  /// A question about this service.
  public init(service: String = "") { self.service = service }
}

/// The answer.
public struct HealthCheckResponse: GRPCMessage, Hashable, Sendable {
  /// How the service is.
  public var status: ServingStatus

  /// An answer of this status.
  public init(status: ServingStatus) { self.status = status }
}

extension HealthCheckRequest: WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Grpc__Health__V1__HealthCheckRequest>) {
    grpc__health__v1__health_check_request__init(packed)
  }

  init(_ packed: Grpc__Health__V1__HealthCheckRequest) throws(Status) {
    self.init(service: try text(packed.service, "service", MessageLimits.serviceBytes))
  }

  func fill(_ packed: inout Grpc__Health__V1__HealthCheckRequest, _ arena: Arena) {
    packed.service = arena.text(service)
  }
}

extension HealthCheckResponse: WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Grpc__Health__V1__HealthCheckResponse>) {
    grpc__health__v1__health_check_response__init(packed)
  }

  init(_ packed: Grpc__Health__V1__HealthCheckResponse) throws(Status) {
    self.init(status: ServingStatus(packed.status))
  }

  func fill(_ packed: inout Grpc__Health__V1__HealthCheckResponse, _ arena: Arena) {
    packed.status = status.packed
  }
}
