import Testing

@testable import Link

@Suite("TLS settings")
struct TLSFileTests {
  private static let files = TestCertificates.shared

  static let refused: [(LinkTLS, String)] = [
    (LinkTLS(caFile: "/nonexistent"), "tls.ca_file: /nonexistent: "),
    (
      LinkTLS(caFile: files.garbage),
      "tls.ca_file: \(files.garbage): not a PEM file with what is expected here"
    ),
    (
      LinkTLS(certificateFile: files.client.certificate),
      "tls.certificate_file is set and tls.key_file is not"
    ),
    (LinkTLS(keyFile: files.client.key), "tls.key_file is set and tls.certificate_file is not"),
    (
      LinkTLS(certificateFile: files.garbage, keyFile: files.client.key),
      "tls.certificate_file: \(files.garbage): not a PEM file with what is expected here"
    ),
    (
      LinkTLS(certificateFile: files.client.certificate, keyFile: files.server.key),
      "tls.key_file: \(files.server.key): the key does not belong to the certificate of tls.certificate_file"
    ),
    (
      LinkTLS(certificateFile: files.client.certificate, keyFile: files.encryptedKey),
      "tls.key_file: \(files.encryptedKey): the key is encrypted; it must be readable without a password"
    ),
  ]

  @Test(arguments: refused)
  func `unusable files are named`(tls: LinkTLS, message: String) {
    do {
      try tls.check()
      Issue.record("accepted")
    } catch {
      #expect(error.code == .configuration)
      #expect(error.message.hasPrefix(message), "\(error.message)")
    }
  }

  @Test func `usable files pass`() throws {
    try LinkTLS().check()
    try LinkTLS(
      caFile: Self.files.authority.certificate, certificateFile: Self.files.client.certificate,
      keyFile: Self.files.client.key
    ).check()
  }

  @Test func `a pin is 32 bytes in hexadecimal`() {
    let plain = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
    let colons =
      "00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF"
    #expect(CertificatePin(plain)?.description == plain)
    #expect(CertificatePin(colons) == CertificatePin(plain))
    for text in ["", "00", plain + "00", String(plain.dropLast()), "g" + plain.dropFirst()] {
      #expect(CertificatePin(text) == nil, "\(text)")
    }
  }

  @Test func `certificates carry names without the root's dot and without a zone`() {
    for (host, name) in [
      ("a.example", "a.example"), ("a.example.", "a.example"), (".", "."), ("fe80::1%eth0", "fe80::1"),
      ("::1", "::1"),
    ] {
      #expect(TLSChannel.certificateName(host) == name)
    }
  }
}
