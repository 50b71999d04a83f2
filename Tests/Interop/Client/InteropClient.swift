import ArgumentParser
import Foundation
import GRPC
import GRPCNIO
import Gzip
import InteropService
import Link

/// The standard interop cases with our clients, with the flags that other implementations' interop clients have.
@main
struct InteropClient: AsyncParsableCommand {
  enum Transport: String, ExpressibleByArgument { case nio, link }

  static let configuration = CommandConfiguration(
    commandName: "grpc-interop-client",
    abstract: "Runs one of gRPC's standard interop cases against a server of grpc.testing.TestService.",
    discussion: """
      Cases: \(Cases.all.map(\.name).joined(separator: ", ")); all: one after the other.
      Exits with 0 when the case passed, 1 when it failed, 2 for a flag or case that is not known.
      """)

  @Option(name: .customLong("server_host"), help: "The server's address.") var host: String
  @Option(name: .customLong("server_port"), help: "The server's port.") var port: UInt16
  @Option(name: .customLong("test_case"), help: "Which case.") var testCase: String
  @Option(help: "nio: the async client. link: the collector's.") var transport: Transport
  @Option(name: .customLong("use_tls"), help: "TLS instead of plaintext.") var usesTLS = false
  @Option(name: .customLong("ca_file"), help: "PEM file of the authorities that are believed.")
  var authorities: String?
  @Option(name: .customLong("server_host_override"), help: "The name that the certificate must carry.")
  var serverName: String?

  func validate() throws {
    guard testCase == "all" || Cases.all.contains(where: { $0.name == testCase }) else {
      throw ValidationError("there is no case \"\(testCase)\"")
    }
  }

  static func main() async {
    do {
      let client = try parse(
        spellingOut(switches: ["--use_tls"], in: Array(CommandLine.arguments.dropFirst())))
      try await client.run()
    } catch let error where error is Status || error is CaseFailure {
      let line = "\(error)".replacing("\n", with: "\\n")
      FileHandle.standardError.write(Data("\(line)\n".utf8))
      Foundation.exit(1)
    } catch {
      let isHelp = exitCode(for: error).isSuccess
      let stream = isHelp ? FileHandle.standardOutput : .standardError
      stream.write(Data((fullMessage(for: error) + "\n").utf8))
      Foundation.exit(isHelp ? 0 : 2)
    }
  }

  func run() async throws {
    let caller = try await makeCaller()
    for (name, run) in Cases.all where testCase == name || testCase == "all" {
      do {
        try await run(Cases(caller: caller))
      } catch let error as CaseFailure {
        throw CaseFailure(description: "\(name): \(error)")
      }
      print("passed \(name)")
    }
    await caller.close()
  }

  private func makeCaller() async throws -> any Caller {
    var configuration = ClientConfiguration()
    configuration.codecs = [.gzip]
    switch transport {
    case .nio:
      let trust = authorities.map { ClientTLS.Trust.authorities(file: $0) } ?? .systemRoots
      return try await NIOCaller(
        to: Target(host: host, port: Int(port)),
        tls: usesTLS ? ClientTLS(trust: trust, serverName: serverName) : nil, configuration: configuration)
    case .link:
      return try LinkCaller(
        to: LinkTarget(host: host, port: port),
        tls: usesTLS ? LinkTLS(caFile: authorities, serverName: serverName) : nil,
        configuration: configuration)
    }
  }
}
