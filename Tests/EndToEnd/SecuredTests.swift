import Foundation
import Testing

/// TLS between the real programs: OpenSSL at the collector, NIOSSL at the aggregator and in the CLI.
@Suite(.serialized) struct SecuredTests {
  @Test func aFleetOverTLSWithClientCertificates() async throws {
    try await onThread {
      let authority = try Authority()
      let server = try authority.certificate("aggregator", names: "DNS:localhost,IP:127.0.0.1")
      let client = try authority.certificate("collector", names: "DNS:web1")
      let fleet = try TestFleet(
        aggregatorConfiguration: """
          tls:
            certificate_file: \(server.certificate)
            key_file: \(server.key)
            client_ca_file: \(authority.certificate)
            require_client_certificate: true
          """)
      let trust = "ca_file: \(authority.certificate)"
      let identity = "certificate_file: \(client.certificate), key_file: \(client.key)"
      fleet.options = [
        "--ca-file", authority.certificate, "--certificate-file", client.certificate, "--key-file",
        client.key,
      ]
      try fleet.startCollector("web1", configuration: "tls: {\(trust), \(identity)}\n")
      try fleet.host("web1") { $0.state == "online" && $0.frames > 3 }

      let stranger = try fleet.startCollector("stranger", configuration: "tls: {\(trust)}\n")
      try stranger.wait(for: "certificate")

      let other = try Authority()
      let doubter = try fleet.startCollector(
        "doubter", configuration: "tls: {ca_file: \(other.certificate), \(identity)}\n")
      try doubter.wait(for: "verify failed")

      let unknown = try RunningProgram.run(
        "muster", ["hosts", "--aggregator", fleet.address, "--ca-file", other.certificate])
      #expect(unknown.code == 69, "\(unknown.text)")
    }
  }
}

/// A certificate authority of one test, made by the `openssl` command.
final class Authority {
  private let folder: URL
  let certificate: String
  private let key: String

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "muster-ca-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    certificate = folder.appending(path: "ca.pem").path
    key = folder.appending(path: "ca.key").path
    try openssl(
      "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
      "-subj",
      "/CN=test authority", "-keyout", key, "-out", certificate)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  func certificate(_ name: String, names: String) throws -> (certificate: String, key: String) {
    let file = folder.appending(path: "\(name).pem").path
    let keyFile = folder.appending(path: "\(name).key").path
    try openssl(
      "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
      "-subj",
      "/CN=\(name)", "-addext", "subjectAltName=\(names)", "-addext", "basicConstraints=critical,CA:FALSE",
      "-CA",
      certificate, "-CAkey", key, "-keyout", keyFile, "-out", file)
    return (file, keyFile)
  }

  private func openssl(_ arguments: String...) throws {
    let result = try RunningProgram.run("/usr/bin/openssl", arguments)
    guard result.code == 0 else { throw Failure("openssl: \(result.text)") }
  }
}
