import GRPC
import Logging
import NIOCore
import NIOSSL
import Synchronization

/// Turns an accepted socket into a running `ServerConnection`.
///
///     socket ─► [TLS] ─► OpeningHandler (until open) ─► GRPCConnectionHandler ─► ServerConnection
final class ConnectionAcceptor: Sendable {
  private let router: Router
  private let configuration: ServerConfiguration
  private let transport: ServerTransport
  private let tls: Mutex<NIOSSLContext?>
  private let registry: ConnectionRegistry
  private let logger: Logger

  init(
    router: Router, configuration: ServerConfiguration, transport: ServerTransport, tls: NIOSSLContext?,
    registry: ConnectionRegistry, logger: Logger
  ) {
    self.router = router
    self.configuration = configuration
    self.transport = transport
    self.tls = Mutex(tls)
    self.registry = registry
    self.logger = logger
  }

  func replaceTLS(_ context: NIOSSLContext) {
    tls.withLock { $0 = context }
  }

  /// Runs on the new channel's loop. A failure closes the channel.
  func prepare(_ channel: any Channel) -> EventLoopFuture<Void> {
    channel.eventLoop.makeCompletedFuture {
      guard registry.admit(channel) else { throw ChannelError.ioOnClosedChannel }
      let peer = Self.name(of: channel.remoteAddress)
      let connection = ServerConnection(
        configuration: configuration, router: router, peer: peer, sharing: .ofThisLoop,
        at: channel.eventLoop.instant)
      connection.executor = EventLoopExecutor(loop: channel.eventLoop)
      let bound = NIOLoopBound(connection, eventLoop: channel.eventLoop)
      let id = ObjectIdentifier(channel)
      channel.closeFuture.whenComplete { [registry] _ in registry.remove(id, counted: bound.value.counters) }
      let context = tls.withLock { $0 }
      let pipeline = channel.pipeline.syncOperations
      if let context { try pipeline.addHandler(NIOSSLServerHandler(context: context)) }
      try pipeline.addHandler(
        OpeningHandler(
          expecting: .client, isSecured: context != nil,
          deadline: .now() + TimeAmount(transport.openingTimeout),
          isProtocolBroken: { connection.counters.protocolViolations > 0 },
          decided: { [weak self] in self?.opened(channel, peer, $0) }))
      try pipeline.addHandler(
        GRPCConnectionHandler(driving: connection) { connection.drain(at: $0) })
      limitAge(of: channel)
    }
  }

  private func opened(_ channel: any Channel, _ peer: String, _ outcome: OpeningOutcome) {
    let isLogged = registry.record(outcome, of: ObjectIdentifier(channel), at: channel.eventLoop.instant)
    if isLogged, case .failed(_, let reason) = outcome {
      logger.info("connection refused", metadata: ["peer": "\(peer)", "reason": "\(reason)"])
    }
  }

  private func limitAge(of channel: any Channel) {
    guard let age = transport.age(Double.random(in: 0..<1)) else { return }
    let grace = transport.connectionAgeGrace
    let drained = channel.eventLoop.scheduleTask(in: TimeAmount(age)) {
      channel.triggerUserOutboundEvent(GRPCConnectionHandler.Command.windDown, promise: nil)
    }
    let aborted = channel.eventLoop.scheduleTask(in: TimeAmount(age + grace)) {
      channel.triggerUserOutboundEvent(GRPCConnectionHandler.Command.abort, promise: nil)
    }
    channel.closeFuture.whenComplete { _ in
      drained.cancel()
      aborted.cancel()
    }
  }

  private static func name(of address: SocketAddress?) -> String {
    guard let address, let host = address.ipAddress else { return "unknown" }
    return hostAndPort(host, address.port ?? 0)
  }
}
