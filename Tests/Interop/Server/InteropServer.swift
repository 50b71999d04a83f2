import ArgumentParser
import Foundation
import GRPC
import GRPCNIO
import GRPCServices
import Gzip
import InteropService
import Logging
import NIOPosix
import Wire

/// `grpc.testing.TestService` on our server, with the flags that other implementations' interop servers have.
@main
struct InteropServer: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "grpc-interop-server",
    abstract: "Serves grpc.testing.TestService on 127.0.0.1, for interop tests and measurements.",
    discussion: "Says `listening on PORT` once it does. SIGTERM: lets open calls end, then exits with 0.")

  @Option(help: "Where to listen; 0: any free port.") var port: Int
  @Option(name: .customLong("use_tls"), help: "TLS instead of plaintext.") var usesTLS = false
  @Option(name: .customLong("tls_cert_file"), help: "PEM file of the certificate.") var certificateFile = ""
  @Option(name: .customLong("tls_key_file"), help: "PEM file of its key.") var keyFile = ""
  @Option(name: .customLong("max_message_bytes"), help: "The largest message taken.")
  var maximumMessageBytes = ConnectionLimits().maximumMessageBytes
  @Option(name: .customLong("max_connections"), help: "Connections open at once.")
  var maximumConnections = ServerTransport().connectionsMaximum
  @Option(name: .customLong("threads"), help: "Event loops that share the connections.") var threads = 1
  @Option(name: .customLong("drain_seconds"), help: "How long open calls may take after SIGTERM.")
  var drainSeconds = 10

  static func main() async {
    do {
      var server = try parse(
        spellingOut(switches: ["--use_tls"], in: Array(CommandLine.arguments.dropFirst())))
      try await server.run()
    } catch let status as Status {
      FileHandle.standardError.write(Data("grpc-interop-server: \(status)\n".utf8))
      Foundation.exit(1)
    } catch {
      let isHelp = exitCode(for: error).isSuccess
      let stream = isHelp ? FileHandle.standardOutput : .standardError
      stream.write(Data((fullMessage(for: error) + "\n").utf8))
      Foundation.exit(isHelp ? 0 : 2)
    }
  }

  mutating func run() async throws {
    let signals = StopSignals()
    var router = Router()
    TestService.register(in: &router, compressingWith: .gzip)
    let health = HealthStatuses()
    health.set(.serving)
    health.set(.serving, for: TestService.name)
    HealthService(health).register(in: &router)

    var configuration = ServerConfiguration()
    configuration.limits.maximumMessageBytes = maximumMessageBytes
    configuration.codecs = [.gzip]
    var transport = ServerTransport()
    transport.connectionsMaximum = maximumConnections
    let group = MultiThreadedEventLoopGroup(numberOfThreads: threads)
    let server = try await GRPCServer.start(
      on: group, address: ListenAddress(host: "127.0.0.1", port: port),
      tls: usesTLS ? ServerTLS(certificateFile: certificateFile, keyFile: keyFile) : nil, router: router,
      configuration: configuration, transport: transport, logger: Logger(label: "grpc-interop-server"))
    print("listening on \(server.port)")
    fflush(nil)

    await signals.next()
    health.setAll(.notServing)
    await server.drain(timeout: .seconds(drainSeconds))
  }
}

/// SIGTERM and SIGINT, as something to wait for.
private struct StopSignals {
  private let sources: [any DispatchSourceSignal]
  private let arrivals: AsyncStream<Void>

  /// From now on the signals no longer end the program.
  init() {
    let (arrivals, arrival) = AsyncStream.makeStream(of: Void.self)
    self.arrivals = arrivals
    sources = [SIGTERM, SIGINT].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { arrival.yield() }
      source.resume()
      return source
    }
  }

  func next() async {
    for await _ in arrivals { return }
  }
}
