import GRPC
import GRPCNIO
import NIOPosix
import Settings

/// Where the aggregator is and how it is spoken to. On loopback in plaintext unless TLS is asked for;
/// anywhere else over TLS unless plaintext is asked for.
public struct AggregatorOptions: Sendable {
  /// The port an aggregator listens on by default.
  public static let defaultPort = 7600
  /// How long a connection may take to stand.
  static let connectTimeout = Duration.seconds(5)
  /// How long an answer to a single question may take.
  static let answerTimeout = Duration.seconds(10)

  /// `HOST:PORT`, as it is shown to the operator.
  public let address: String
  private let target: HostPort
  private let tls: ClientTLS?

  /// Checks and joins what the command line says. `caFile`, `serverName`, the client's certificate
  /// and key, and `pinnedSHA256` each ask for TLS, as `useTLS` does.
  public init(
    address: String, useTLS: Bool = false, caFile: String? = nil, serverName: String? = nil,
    pinnedSHA256: String? = nil, certificateFile: String? = nil, keyFile: String? = nil,
    insecure: Bool = false
  ) throws(CommandFailure) {
    do {
      target = try HostPort(parsing: address, defaultPort: Self.defaultPort)
    } catch {
      throw CommandFailure(.usage, "--aggregator \(address): \(error)")
    }
    self.address = "\(target)"
    let files = [caFile, serverName, pinnedSHA256, certificateFile, keyFile]
    let wantsTLS = useTLS || files.contains { $0 != nil }
    if insecure && wantsTLS { throw CommandFailure(.usage, "--insecure and TLS options exclude each other") }
    guard wantsTLS || (!target.isLoopback && !insecure) else {
      tls = nil
      return
    }
    tls = ClientTLS(
      trust: try Self.trust(caFile: caFile, pinnedSHA256: pinnedSHA256), serverName: serverName,
      identity: try Self.identity(certificateFile: certificateFile, keyFile: keyFile))
  }

  private static func trust(caFile: String?, pinnedSHA256: String?) throws(CommandFailure) -> ClientTLS.Trust
  {
    switch (caFile, pinnedSHA256) {
    case (nil, nil): return .systemRoots
    case (let file?, nil): return .authorities(file: file)
    case (nil, let text?):
      guard let digest = hexadecimal(text), digest.count == 32 else {
        throw CommandFailure(
          .usage,
          "--pinned-sha256 is 64 hexadecimal digits, as `openssl x509 -fingerprint -sha256` prints them")
      }
      return .pinned(sha256: digest)
    default: throw CommandFailure(.usage, "--ca-file and --pinned-sha256 exclude each other")
    }
  }

  private static func identity(
    certificateFile: String?, keyFile: String?
  ) throws(CommandFailure) -> ClientTLS.Identity? {
    switch (certificateFile, keyFile) {
    case (nil, nil): return nil
    case (let certificate?, let key?): return .init(certificateFile: certificate, keyFile: key)
    default: throw CommandFailure(.usage, "--certificate-file and --key-file go together")
    }
  }

  /// Digits in pairs, with or without the colons that openssl puts between them.
  private static func hexadecimal(_ text: String) -> [UInt8]? {
    let digits = text.filter { $0 != ":" }.compactMap(\.hexDigitValue)
    guard digits.count == text.count(where: { $0 != ":" }), digits.count % 2 == 0 else { return nil }
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
  }

  /// A connection that stands.
  func connect() async throws(CommandFailure) -> GRPCClient {
    do {
      return try await GRPCClient.connect(
        to: Target(host: target.host, port: target.port), tls: tls,
        group: MultiThreadedEventLoopGroup.singleton, timeout: Self.connectTimeout)
    } catch {
      throw CommandFailure(error, aggregator: address)
    }
  }
}
