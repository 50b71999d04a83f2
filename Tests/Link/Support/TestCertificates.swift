import Foundation

/// Certificates made by the `openssl` command, once for the whole run, in a folder that is removed at its end.
struct TestCertificates: Sendable {
  /// A certificate and its key, PEM files.
  struct Pair: Sendable {
    let certificate: String
    let key: String
  }

  static let shared = TestCertificates()

  let authority: Pair
  let otherAuthority: Pair
  /// For localhost, 127.0.0.1 and ::1, issued by `authority`.
  let server: Pair
  /// For elsewhere.example, issued by `authority`.
  let elsewhere: Pair
  /// Like `server`, valid until yesterday.
  let expired: Pair
  /// For localhost, by nobody but itself.
  let selfSigned: Pair
  /// A collector's, issued by `authority`.
  let client: Pair
  /// The key of `client`, with a password.
  let encryptedKey: String
  /// A file that is not PEM.
  let garbage: String

  private let folder: String

  private init() {
    var template = Array("/tmp/muster-link-tests-XXXXXX".utf8CString)
    folder = String(cString: mkdtemp(&template))
    Self.removeAtExit(folder)
    let shop = Workshop(folder: folder)
    let local = "DNS:localhost,IP:127.0.0.1,IP:::1"
    authority = shop.selfSigned("authority", name: "Muster test authority", alternatives: nil)
    otherAuthority = shop.selfSigned("other", name: "Another authority", alternatives: nil)
    selfSigned = shop.selfSigned("self-signed", name: "localhost", alternatives: local)
    server = shop.issued("server", name: "localhost", alternatives: local, by: authority)
    elsewhere = shop.issued(
      "elsewhere", name: "elsewhere", alternatives: "DNS:elsewhere.example", by: authority)
    expired = shop.issued("expired", name: "localhost", alternatives: local, by: authority, days: -1)
    client = shop.issued("client", name: "collector", alternatives: "DNS:collector", by: authority)
    encryptedKey = shop.encrypted(client)
    garbage = shop.write("garbage.pem", "this is not a certificate\n")
  }

  nonisolated(unsafe) private static var folders: [String] = []

  private static func removeAtExit(_ folder: String) {
    folders.append(folder)
    atexit { TestCertificates.folders.forEach { try? FileManager.default.removeItem(atPath: $0) } }
  }

  /// SHA-256 of a certificate as the command prints it: `AA:BB:…`.
  func fingerprint(_ pair: Pair) -> String {
    let line = Workshop(folder: folder).run([
      "x509", "-in", pair.certificate, "-noout", "-fingerprint", "-sha256",
    ])
    return line.split(separator: "=").last.map { $0.trimmingCharacters(in: .whitespacesAndNewlines) } ?? ""
  }
}

/// Runs `openssl`.
private struct Workshop {
  let folder: String

  private static let keyKind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]

  func selfSigned(_ file: String, name: String, alternatives: String?) -> TestCertificates.Pair {
    let pair = self.pair(file)
    let extensions = alternatives.map { ["-addext", "subjectAltName=\($0)"] } ?? []
    run(
      ["req", "-x509", "-days", "2", "-subj", "/CN=\(name)", "-keyout", pair.key, "-out", pair.certificate]
        + Self.keyKind + extensions)
    return pair
  }

  func issued(
    _ file: String, name: String, alternatives: String, by issuer: TestCertificates.Pair, days: Int = 2
  ) -> TestCertificates.Pair {
    let pair = self.pair(file)
    let request = "\(folder)/\(file).csr"
    let extensions = write("\(file).ext", "subjectAltName=\(alternatives)\n")
    run(["req", "-subj", "/CN=\(name)", "-keyout", pair.key, "-out", request] + Self.keyKind)
    run([
      "x509", "-req", "-in", request, "-CA", issuer.certificate, "-CAkey", issuer.key, "-days", "\(days)",
      "-extfile", extensions, "-out", pair.certificate,
    ])
    return pair
  }

  func encrypted(_ pair: TestCertificates.Pair) -> String {
    let file = "\(folder)/encrypted.key"
    run(["ec", "-in", pair.key, "-out", file, "-aes256", "-passout", "pass:secret"])
    return file
  }

  func write(_ file: String, _ text: String) -> String {
    let path = "\(folder)/\(file)"
    _ = FileManager.default.createFile(atPath: path, contents: Data(text.utf8))
    return path
  }

  @discardableResult
  func run(_ arguments: [String]) -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
    process.arguments = arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return "" }
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self)
  }

  private func pair(_ file: String) -> TestCertificates.Pair {
    .init(certificate: "\(folder)/\(file).pem", key: "\(folder)/\(file).key")
  }
}
