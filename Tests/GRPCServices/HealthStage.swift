import GRPC
import GRPCServices
import Wire

/// A server with the health service, and clients joined to it in memory.
final class HealthStage {
  let statuses: HealthStatuses
  private let router: Router

  init(_ statuses: HealthStatuses) {
    self.statuses = statuses
    var router = Router()
    HealthService(statuses).register(in: &router)
    self.router = router
  }

  convenience init(maximumWatches: Int = HealthStatuses.defaultMaximumWatches) {
    self.init(HealthStatuses(services: ["shop.Till"], .serving, maximumWatches: maximumWatches))
  }

  func connect(_ configuration: ServerConfiguration = ServerConfiguration()) -> Cable {
    Cable(router, configuration)
  }
}

/// One connection.
final class Cable {
  private static let now = Instant(nanoseconds: 0)

  let client: ClientConnection
  let server: ServerConnection
  /// While set, the server's bytes stay with it.
  var isClogged = false

  init(_ router: Router, _ configuration: ServerConfiguration) {
    client = ClientConnection(
      configuration: ClientConfiguration(), authority: "test", scheme: "http", at: Self.now)
    server = ServerConnection(configuration: configuration, router: router, peer: "test", at: Self.now)
  }

  /// Moves bytes until both sides are silent.
  func settle() {
    while move(client, server) || (!isClogged && move(server, client)) {}
  }

  func lose() {
    client.connectionLost(at: Self.now)
    server.connectionLost(at: Self.now)
  }

  func check(_ service: String) throws -> Result<ServingStatus, Status> {
    var answer: Result<ServingStatus, Status>?
    try client.unary(HealthService.check, HealthCheckRequest(service: service)) { result, _ in
      answer = result.map(\.status)
    }
    settle()
    return answer ?? .failure(Status(.unknown, "no answer"))
  }

  func watch(_ service: String) throws -> Viewer {
    let viewer = Viewer()
    let reader = ResponseReader<HealthCheckResponse> { response, _ in
      viewer.heard.append(response.status)
    } onEnd: { status, _ in
      viewer.end = status
    }
    viewer.call = try client.serverStreaming(
      HealthService.watch, HealthCheckRequest(service: service), reader)
    settle()
    return viewer
  }

  private func move(_ from: some GRPCConnection, _ to: some GRPCConnection) -> Bool {
    var bytes: [UInt8] = []
    while from.takeOutput({ bytes += $0 }) {}
    bytes.withUnsafeBytes { to.receive($0, at: Self.now) }
    return !bytes.isEmpty
  }
}

/// What one Watch heard.
final class Viewer {
  var call: ClientCall?
  var heard: [ServingStatus] = []
  var end: Status?
}
