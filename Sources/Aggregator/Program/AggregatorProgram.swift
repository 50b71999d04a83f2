import GRPC
import GRPCNIO
import GRPCServices
import Glibc
import Gzip
import Logging
import NIOCore
import NIOPosix
import Records
import Settings
import StructuredLog
import Wire

/// The program: puts the parts together, runs until a signal comes, and leaves in good order.
public struct AggregatorProgram: Sendable {
  /// How long peers may take to leave by themselves after they were told.
  static let drainPatience = Duration.seconds(2)
  /// A peer that has said nothing for so long is asked whether it is still there, and has so long to answer: a
  /// machine without power does not say goodbye.
  static let keepaliveInterval = Duration.seconds(30)
  static let keepaliveTimeout = Duration.seconds(10)
  /// When a drain is cut off.
  static let drainTimeout = Duration.seconds(8)

  private let settings: AggregatorSettings
  private let logger: Logger
  private let clock: SystemClock
  private let started: Moment
  private let state: ProgramState
  private let openCalls = OpenCalls()
  /// Not serving until the port is open, nor once a signal asked to stop.
  private let health = HealthStatuses.ofAggregator()

  /// What `--version` prints.
  public static let version = "muster-aggregator \(MusterVersion.current)"

  /// Reads the settings and runs until SIGTERM or SIGINT, or only checks the settings.
  ///
  /// - Returns: the exit code (sysexits.h); what is wrong is on standard error.
  public static func main(_ overrides: SettingsOverrides, isCheck: Bool) async -> Int32 {
    let settings: AggregatorSettings
    do throws(SettingsError) {
      settings = try AggregatorSettings.load(overrides)
    } catch {
      return failure(EX_CONFIG, error.description)
    }
    if isCheck {
      print("settings are good")
      return EXIT_SUCCESS
    }
    StructuredLog.bootstrap(format: settings.log.format, level: settings.log.level)
    do throws(ProgramFailure) {
      try await AggregatorProgram(settings).run()
      return EXIT_SUCCESS
    } catch {
      return failure(error.exitCode, error.sentence)
    }
  }

  private static func failure(_ code: Int32, _ sentence: String) -> Int32 {
    let line = Array("muster-aggregator: \(sentence)\n".utf8)
    _ = write(STDERR_FILENO, line, line.count)
    return code
  }

  private init(_ settings: AggregatorSettings) throws(ProgramFailure) {
    self.settings = settings
    logger = Logger(label: "muster-aggregator")
    clock = SystemClock()
    started = clock.now
    state = try ProgramState(settings, clock: clock, logger: logger)
  }

  private func run() async throws(ProgramFailure) {
    let requests = try ProgramSignals.requests()
    let group = MultiThreadedEventLoopGroup(numberOfThreads: System.coreCount)
    let server: GRPCServer
    do throws(Status) {
      server = try await start(on: group)
    } catch {
      try? await group.shutdownGracefully()
      await state.close()
      throw ProgramFailure(error)
    }
    let loop = group.next()
    loop.execute {
      Housekeeping(
        fleet: state.fleet, desk: state.desk, server: server, settings: settings, clock: clock,
        started: started, logger: logger
      ).run()
      state.keepHosts()
    }
    await serve(server, until: requests)
    await state.settle()
    try? await group.shutdownGracefully()
    await state.close()
    logger.info("stopped")
  }

  private func start(on group: MultiThreadedEventLoopGroup) async throws(Status) -> GRPCServer {
    var transport = ServerTransport()
    transport.connectionsMaximum = settings.limits.connections
    transport.connectionsPerAddressMaximum = settings.limits.connectionsPerAddress
    transport.connectionAgeMaximum = settings.limits.connectionAge
    var configuration = ServerConfiguration()
    configuration.codecs = [.gzip]
    configuration.idleTimeout = settings.limits.connectionIdle
    configuration.limits.keepaliveInterval = Self.keepaliveInterval
    configuration.limits.keepaliveTimeout = Self.keepaliveTimeout
    let server = try await GRPCServer.start(
      on: group, address: ListenAddress(host: settings.listen.host, port: settings.listen.port),
      tls: settings.tls.map { ServerTLS($0) }, router: router, configuration: configuration,
      transport: transport, logger: logger)
    health.setAll(.serving)
    logger.info(
      "listening",
      metadata: [
        "address":
          "\(settings.listen.host.contains(":") ? "[\(settings.listen.host)]" : settings.listen.host):\(server.port)",
        "security": "\(security)", "version": "\(MusterVersion.current)", "loops": "\(System.coreCount)",
      ])
    return server
  }

  private var router: Router {
    var router = Router()
    CollectorService(
      fleet: state.fleet, clock: clock, acknowledgement: settings.acknowledgement, openCalls: openCalls,
      logger: logger, frameTaken: { LoopRest.frameTaken(at: $0) }
    ).register(in: &router)
    FleetService(
      fleet: state.fleet, runs: state.runs, clock: clock, openCalls: openCalls, started: started
    ).register(in: &router)
    RolloutService(fleet: state.fleet, desk: state.desk, runs: state.runs, openCalls: openCalls)
      .register(in: &router)
    HealthService(health).register(in: &router)
    ReflectionService().register(in: &router)
    return router
  }

  private var security: String {
    guard let tls = settings.tls else {
      return settings.listen.isLoopback ? "plaintext (loopback)" : "plaintext (insecure: true)"
    }
    if tls.clientCAFile == nil { return "TLS" }
    return tls.requireClientCertificate
      ? "TLS, client certificate required" : "TLS, client certificate optional"
  }

  private func serve(_ server: GRPCServer, until requests: AsyncStream<ProgramSignals.Request>) async {
    for await request in requests {
      switch request {
      case .reload: reload(server)
      case .stop(let signal):
        logger.info(
          "stopping: asking peers to leave",
          metadata: [
            "signal": "\(signal == SIGINT ? "SIGINT" : "SIGTERM")",
            "connections": "\(server.connectionCount)",
          ])
        return await drain(server)
      }
    }
  }

  private func reload(_ server: GRPCServer) {
    guard let tls = settings.tls else {
      return logger.info("nothing to reload: no TLS certificates are configured")
    }
    do throws(Status) {
      try server.replaceTLS(ServerTLS(tls))
      logger.info("certificates read anew; they hold for new connections")
    } catch {
      logger.error("certificates not reloaded; the old ones stay", metadata: ["reason": "\(error.message)"])
    }
  }

  /// GOAWAY to everyone; who has not left after a while has its calls ended; who still has not is cut off.
  private func drain(_ server: GRPCServer) async {
    health.setAll(.notServing)
    let hurry = Task {
      try await Task.sleep(for: Self.drainPatience)
      openCalls.end(.draining)
      health.endWatches(.draining)
    }
    await server.drain(timeout: Self.drainTimeout)
    hurry.cancel()
  }
}
