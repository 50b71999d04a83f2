import Foundation

/// Certificates made once by the `openssl` command, in a temporary folder that goes away when the tests end.
struct Certificates {
  private static let made = Result { try Certificates(making: ()) }
  private static let folder = FileManager.default.temporaryDirectory
    .appending(path: "muster-test-\(UUID().uuidString)")

  private var folder: URL { Self.folder }

  /// Two authorities, `ca` and `other-ca`; `server` for `localhost` and 127.0.0.1, `elsewhere` for another name,
  /// `client`: all signed by `ca`.
  private init(making: Void) throws {
    atexit { try? FileManager.default.removeItem(at: Certificates.folder) }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for authority in ["ca", "other-ca"] {
      try openssl(
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=\(authority)"
          + " -keyout \(authority).key -out \(authority).pem")
    }
    try leaf("server", "subjectAltName=DNS:localhost,IP:127.0.0.1")
    try leaf("elsewhere", "subjectAltName=DNS:elsewhere.example")
    try leaf("client", "extendedKeyUsage=clientAuth")
  }

  /// The certificates, the same for everyone.
  init() throws {
    self = try Self.made.get()
  }

  func file(_ name: String) -> String { folder.appending(path: name).path }

  /// SHA-256 of a certificate's DER form, by openssl.
  func fingerprint(_ name: String) throws -> [UInt8] {
    let line = try openssl("x509 -in \(name).pem -noout -fingerprint -sha256")
    let digits = line.split(separator: "=").last ?? ""
    return digits.trimmingCharacters(in: .whitespacesAndNewlines).split(separator: ":")
      .compactMap { UInt8($0, radix: 16) }
  }

  private func leaf(_ name: String, _ extensions: String) throws {
    try "\(extensions)\n".write(toFile: file("\(name).ext"), atomically: true, encoding: .utf8)
    try openssl(
      "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=\(name) -keyout \(name).key"
        + " -out \(name).csr")
    try openssl(
      "x509 -req -in \(name).csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile \(name).ext"
        + " -out \(name).pem")
  }

  @discardableResult
  private func openssl(_ arguments: String) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["openssl"] + arguments.split(separator: " ").map(String.init)
    process.currentDirectoryURL = folder
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw CocoaError(.fileWriteUnknown) }
    return text
  }
}
