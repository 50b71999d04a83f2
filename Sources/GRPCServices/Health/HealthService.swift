// GRPCServices: services that the gRPC project has standardised, and that any server may offer beside its own.
// They stand on GRPC alone: no socket, no clock.

public import GRPC
public import Wire

/// `grpc.health.v1.Health` (grpc/doc/health-checking.md): tells load balancers and probes what `HealthStatuses`
/// knows.
public struct HealthService: Sendable {
  /// Unary. NOT_FOUND for a service that has no status.
  public static let check = Method<HealthCheckRequest, HealthCheckResponse>(
    service: "grpc.health.v1.Health", name: "Check")
  /// Server streaming: the status now, then each change. SERVICE_UNKNOWN for a service that has none, until it has
  /// one.
  public static let watch = Method<HealthCheckRequest, HealthCheckResponse>(
    service: "grpc.health.v1.Health", name: "Watch")

  private let statuses: HealthStatuses

  /// A service that answers with these statuses.
  public init(_ statuses: HealthStatuses) {
    self.statuses = statuses
  }

  /// Adds both methods.
  public func register(in router: inout Router) {
    router.unary(Self.check) { [statuses] request, _ throws(Status) in
      guard let status = statuses.status(of: request.service) else {
        throw Status(
          .notFound,
          "there is no service \"\(request.service)\" here; an empty name asks about the server as a whole")
      }
      return HealthCheckResponse(status: status)
    }
    router.serverStreaming(Self.watch) { [statuses] request, stream throws(Status) in
      try HealthWatch(stream, service: request.service, statuses: statuses).start()
    }
  }
}
