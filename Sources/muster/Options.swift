public import ArgumentParser
public import Console
import Glibc

/// Where the aggregator is: the same for every command.
struct ConnectionOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The aggregator's address; else MUSTER_AGGREGATOR, else 127.0.0.1:7600.", valueName: "host:port"))
  var aggregator: String?

  @Flag(help: "Speak TLS also on loopback. Off loopback it is always spoken.")
  var tls = false

  @Option(help: ArgumentHelp("Certificates (PEM) to trust instead of the system's.", valueName: "file"))
  var caFile: String?

  @Option(
    help: ArgumentHelp(
      "The name the aggregator's certificate must be for, if not the address's.", valueName: "name"))
  var serverName: String?

  @Option(help: ArgumentHelp("Trust exactly the certificate with this SHA-256.", valueName: "hex"))
  var pinnedSha256: String?

  @Option(help: ArgumentHelp("A certificate (PEM) to show to the aggregator.", valueName: "file"))
  var certificateFile: String?

  @Option(help: ArgumentHelp("Its private key (PEM).", valueName: "file"))
  var keyFile: String?

  @Flag(help: "Speak plaintext to an address that is not loopback.")
  var insecure = false

  func options() throws -> AggregatorOptions {
    let environment = getenv("MUSTER_AGGREGATOR").map { String(cString: $0) } ?? ""
    let address = aggregator ?? (environment.isEmpty ? "127.0.0.1" : environment)
    return try AggregatorOptions(
      address: address, useTLS: tls, caFile: caFile, serverName: serverName, pinnedSHA256: pinnedSha256,
      certificateFile: certificateFile, keyFile: keyFile, insecure: insecure)
  }
}

/// How an answer is written.
struct OutputOptions: ParsableArguments {
  @Option(name: .shortAndLong, help: "For people or for programs.")
  var output = OutputFormat.table
}

extension OutputFormat: ExpressibleByArgument {}
extension ProcessUse: ExpressibleByArgument {}

/// Which hosts.
struct SelectorOptions: ParsableArguments {
  @Option(
    name: .customLong("on"),
    help: ArgumentHelp(
      "Hosts by their labels: 'env=prod,role!=db,rack,!spare'; * stands for anything. Default: all.",
      valueName: "selector"))
  var selector = ""
}
