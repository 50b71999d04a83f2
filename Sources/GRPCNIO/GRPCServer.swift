public import GRPC
public import Logging
public import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// A gRPC server on one listening socket, its connections spread over the loops of a group.
///
/// Policy is the caller's: without `tls` it speaks plaintext to whoever connects.
public final class GRPCServer: Sendable {
  private let listener: any Channel
  private let registry: ConnectionRegistry
  private let acceptor: ConnectionAcceptor

  private init(listener: any Channel, registry: ConnectionRegistry, acceptor: ConnectionAcceptor) {
    self.listener = listener
    self.registry = registry
    self.acceptor = acceptor
  }

  /// Starts to listen.
  ///
  /// INVALID_ARGUMENT: a TLS file is wrong. UNAVAILABLE: the address cannot be listened on. Both say why.
  public static func start(
    on group: any EventLoopGroup, address: ListenAddress, tls: ServerTLS? = nil, router: Router,
    configuration: ServerConfiguration = ServerConfiguration(),
    transport: ServerTransport = ServerTransport(),
    logger: Logger
  ) async throws(Status) -> GRPCServer {
    let registry = ConnectionRegistry(transport)
    let acceptor = ConnectionAcceptor(
      router: router, configuration: configuration, transport: transport,
      tls: try tls?.makeContext(), registry: registry, logger: logger)
    let bootstrap = ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: Int32(clamping: transport.acceptBacklog))
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      // A loop that has much else to do still takes a rush of connections in.
      .serverChannelOption(.maxMessagesPerRead, value: 64)
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      // For peers that vanish without a word while no call is open; with one open, HTTP/2's PING is quicker.
      .childChannelOption(.socketOption(.so_keepalive), value: 1)
      .childChannelOption(.recvAllocator, value: ReceiveBuffer())
      .childChannelOption(.maxMessagesPerRead, value: 1)
      .childChannelInitializer { acceptor.prepare($0) }
    do {
      let listener = try await bootstrap.bind(host: address.host, port: address.port).get()
      return GRPCServer(listener: listener, registry: registry, acceptor: acceptor)
    } catch {
      throw Status(.unavailable, "cannot listen on \(address): \(OpeningOutcome.explain(error).1)")
    }
  }

  /// The port listened on, also when 0 was asked for.
  public var port: Int { listener.localAddress?.port ?? 0 }

  /// Connections open now, those still opening included.
  public var connectionCount: Int { registry.count }

  /// What has happened to connections so far.
  public var counters: ServerCounters { registry.counters }

  /// Reads the TLS files anew, for the connections to come. On error nothing changes.
  public func replaceTLS(_ tls: ServerTLS) throws(Status) {
    acceptor.replaceTLS(try tls.makeContext())
  }

  /// Stops listening, lets open calls end, and returns when no connection is left. Calls that are still open after
  /// `timeout` are cut off; TLS may then take a moment more to close.
  public func drain(timeout: Duration) async {
    try? await listener.close()
    let emptied = listener.eventLoop.makePromise(of: Void.self)
    let forced = listener.eventLoop.scheduleTask(in: TimeAmount(timeout)) { [registry] in registry.abort() }
    registry.drain(emptied)
    try? await emptied.futureResult.get()
    forced.cancel()
  }
}
