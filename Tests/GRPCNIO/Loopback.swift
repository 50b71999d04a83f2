import GRPC
import Logging
import NIOCore
import NIOPosix
import Testing

@testable import GRPCNIO

extension Instant {
  static var monotonic: Instant {
    Instant(nanoseconds: Int64(NIODeadline.now().uptimeNanoseconds))
  }
}

/// A server on 127.0.0.1 and a client connected to it.
struct Loopback {
  static let group = MultiThreadedEventLoopGroup.singleton

  let server: GRPCServer
  let client: GRPCClient
  let log: PeerLog

  /// Waits long: on a loaded machine a test may stand still for seconds between two steps.
  static var patientTransport: ServerTransport {
    var transport = ServerTransport()
    transport.openingTimeout = .seconds(300)
    return transport
  }

  static func server(
    _ log: PeerLog = PeerLog(), tls: ServerTLS? = nil, transport: ServerTransport = patientTransport,
    configuration: ServerConfiguration = ServerConfiguration()
  ) async throws -> GRPCServer {
    try await GRPCServer.start(
      on: group, address: ListenAddress(host: "127.0.0.1", port: 0), tls: tls, router: peerRouter(log),
      configuration: configuration, transport: transport, logger: quietLogger)
  }

  static func client(
    _ server: GRPCServer, tls: ClientTLS? = nil, configuration: ClientConfiguration = ClientConfiguration()
  ) async throws(Status) -> GRPCClient {
    try await GRPCClient.connect(
      to: Target(host: "127.0.0.1", port: server.port), tls: tls, group: group, configuration: configuration,
      timeout: .seconds(300))
  }

  /// Runs `body` with both, then closes both.
  static func run(
    transport: ServerTransport = patientTransport, _ body: (Loopback) async throws -> Void
  ) async throws {
    let log = PeerLog()
    let server = try await server(log, transport: transport)
    let client = try await client(server)
    do {
      try await body(Loopback(server: server, client: client, log: log))
    } catch {
      await server.drain(timeout: .zero)
      throw error
    }
    await client.close()
    await server.drain(timeout: .seconds(5))
    #expect(server.connectionCount == 0)
  }
}

let quietLogger = {
  var logger = Logger(label: "test")
  logger.logLevel = .critical
  return logger
}()

/// The status that `body` throws, or OK.
func status(of body: () async throws -> Void) async -> Status {
  do {
    try await body()
    return .ok
  } catch let status as Status {
    return status
  } catch {
    return Status(.unknown, "\(error)")
  }
}
