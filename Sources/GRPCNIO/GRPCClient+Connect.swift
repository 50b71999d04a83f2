public import GRPC
public import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

extension GRPCClient {
  /// Connects, and returns once the server has spoken HTTP/2.
  ///
  /// INVALID_ARGUMENT: a TLS file is wrong. UNAVAILABLE: the server cannot be reached or believed, with `host:port` and
  /// the reason. CANCELLED: the task was cancelled. `timeout` covers name, TCP, TLS and HTTP/2 together.
  public static func connect(
    to target: Target, tls: ClientTLS? = nil, group: any EventLoopGroup,
    configuration: ClientConfiguration = ClientConfiguration(), timeout: Duration = .seconds(10)
  ) async throws(Status) -> GRPCClient {
    let attempt = ConnectAttempt(
      target: target, tls: tls, context: try tls?.makeContext(), configuration: configuration,
      deadline: .now() + TimeAmount(timeout))
    do {
      return try await withTaskCancellationHandler {
        try await attempt.connect(on: group, timeout: timeout)
      } onCancel: {
        attempt.cancel()
      }
    } catch let status as Status {
      throw attempt.isCancelled ? Status(.cancelled, "connecting to \(target) was cancelled") : status
    } catch {
      if attempt.isCancelled { throw Status(.cancelled, "connecting to \(target) was cancelled") }
      // Nobody else closes a socket that is being connected: our deadline came a moment before NIO's.
      let isOverdue = error as? ChannelError == .ioOnClosedChannel
      let reason = isOverdue ? "timed out while connecting" : OpeningOutcome.explain(error).1
      throw Status(.unavailable, "\(target): \(reason)")
    }
  }
}

/// One attempt to connect; several sockets when a name has several addresses.
private final class ConnectAttempt: Sendable {
  private struct Candidate: Sendable {
    let channel: any Channel
    let connection: NIOLoopBound<ClientConnection>
    let opened: EventLoopFuture<Void>
  }

  private struct State {
    var channels: [any Channel] = []
    var isCancelled = false
  }

  private let target: Target
  private let tls: ClientTLS?
  private let context: NIOSSLContext?
  private let configuration: ClientConfiguration
  private let deadline: NIODeadline
  private let state = Mutex(State())

  init(
    target: Target, tls: ClientTLS?, context: NIOSSLContext?, configuration: ClientConfiguration,
    deadline: NIODeadline
  ) {
    self.target = target
    self.tls = tls
    self.context = context
    self.configuration = configuration
    self.deadline = deadline
  }

  var isCancelled: Bool { state.withLock { $0.isCancelled } }

  func cancel() {
    let channels = state.withLock { state in
      state.isCancelled = true
      return state.channels
    }
    for channel in channels { channel.close(promise: nil) }
  }

  func connect(on group: any EventLoopGroup, timeout: Duration) async throws -> GRPCClient {
    let candidate = try await ClientBootstrap(group: group.next())
      .connectTimeout(TimeAmount(timeout))
      .channelOption(.tcpOption(.tcp_nodelay), value: 1)
      .connect(host: target.host, port: target.port) { channel in
        channel.eventLoop.makeCompletedFuture { try self.prepare(channel) }
      }
    try await candidate.opened.get()
    return GRPCClient(target: target, channel: candidate.channel, connection: candidate.connection)
  }

  /// Runs on the new channel's loop.
  private func prepare(_ channel: any Channel) throws -> Candidate {
    let isCancelled = state.withLock { state in
      state.channels.append(channel)
      return state.isCancelled
    }
    guard !isCancelled else { throw ChannelError.ioOnClosedChannel }
    let connection = ClientConnection(
      configuration: configuration, authority: hostAndPort(tls?.serverName ?? target.host, target.port),
      scheme: tls == nil ? "http" : "https", at: channel.eventLoop.instant)
    let opened = channel.eventLoop.makePromise(of: Void.self)
    let pipeline = channel.pipeline.syncOperations
    if let tls, let context { try pipeline.addHandler(tls.makeHandler(context, host: target.host)) }
    let opening = OpeningHandler(
      expecting: .server, isSecured: tls != nil, deadline: deadline,
      isProtocolBroken: { connection.counters.protocolViolations > 0 },
      decided: { [target] in
        switch $0 {
        case .opened: opened.succeed()
        case .failed(_, let reason): opened.fail(Status(.unavailable, "\(target): \(reason)"))
        }
      })
    try pipeline.addHandler(opening)
    try pipeline.addHandler(GRPCConnectionHandler(driving: connection) { _ in connection.close() })
    return Candidate(
      channel: channel, connection: NIOLoopBound(connection, eventLoop: channel.eventLoop),
      opened: opened.futureResult)
  }
}
