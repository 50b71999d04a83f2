import COpenSSL
import Glibc

/// What messages tell of a certificate. It comes from the peer and ends in logs: names are bounded and cleaned.
enum PeerCertificate {
  private static let maximumNames = 8
  private static let maximumNameBytes = 253

  /// SHA-256 of the DER.
  static func digest(_ certificate: OpaquePointer) -> CertificatePin? {
    var count: UInt32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: Int(EVP_MAX_MD_SIZE)) { buffer, used in
      let sha256 = openSSL.EVP_sha256()
      used = openSSL.X509_digest(certificate, sha256, buffer.baseAddress, &count) == 1 ? Int(count) : 0
    }
    return CertificatePin(bytes: bytes)
  }

  /// DNS names and addresses of subjectAltName, or the common name of a certificate that has none.
  static func names(_ certificate: OpaquePointer) -> [String] {
    guard let list = copenssl_alternative_names(OpenSSL.functions, certificate) else {
      return commonName(certificate).map { [$0] } ?? []
    }
    defer { openSSL.GENERAL_NAMES_free(list) }
    var names: [String] = []
    for index in 0..<copenssl_names_count(OpenSSL.functions, list) {
      var kind: Int32 = 0
      var count: Int32 = 0
      guard let bytes = copenssl_name(OpenSSL.functions, list, index, &kind, &count) else { continue }
      guard names.count < maximumNames else { return names + ["…"] }
      let name = UnsafeBufferPointer(start: bytes, count: Int(count))
      names.append(kind == GEN_DNS ? printable(name) : address(name))
    }
    return names
  }

  /// Both ends of the validity, as "2026-01-31 12:00:00 UTC".
  static func dates(_ certificate: OpaquePointer) -> (from: String, until: String)? {
    guard let from = date(openSSL.X509_get0_notBefore(certificate)),
      let until = date(openSSL.X509_get0_notAfter(certificate))
    else { return nil }
    return (from, until)
  }

  private static func date(_ time: UnsafePointer<ASN1_TIME>?) -> String? {
    var parts = tm()
    guard openSSL.ASN1_TIME_to_tm(time, &parts) == 1 else { return nil }
    return cText(capacity: 64) { strftime($0, 64, "%F %T UTC", &parts) > 0 }
  }

  private static func commonName(_ certificate: OpaquePointer) -> String? {
    var text = [CChar](repeating: 0, count: maximumNameBytes + 1)
    let subject = openSSL.X509_get_subject_name(certificate)
    let count = openSSL.X509_NAME_get_text_by_NID(subject, NID_commonName, &text, Int32(text.count))
    guard count > 0 else { return nil }
    return text.withUnsafeBytes {
      printable(UnsafeBufferPointer(rebasing: $0.bindMemory(to: UInt8.self).prefix(Int(count))))
    }
  }

  private static func printable(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
    let clean = bytes.prefix(maximumNameBytes).map { (0x21...0x7e).contains($0) ? $0 : UInt8(ascii: "?") }
    return String(decoding: clean, as: UTF8.self)
  }

  private static func address(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
    guard bytes.count == 4 || bytes.count == 16 else { return "a malformed address" }
    let family = bytes.count == 4 ? AF_INET : AF_INET6
    let capacity = Int(INET6_ADDRSTRLEN)
    let text = cText(capacity: capacity) {
      inet_ntop(family, bytes.baseAddress, $0, socklen_t(capacity)) != nil
    }
    return text ?? "an address"
  }
}
