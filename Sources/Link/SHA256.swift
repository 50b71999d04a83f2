import COpenSSL

/// OpenSSL's SHA-256 (FIPS 180-4) of a few bytes. Here because no other module of the collector links OpenSSL.
public enum SHA256 {
  /// The digest as 64 lower-case hexadecimal digits; nil if OpenSSL refuses, as it may without its default provider.
  public static func hexadecimal(of bytes: some Collection<UInt8>) -> String? {
    let message = Array(bytes)
    var count: UInt32 = 0
    let digest = [UInt8](unsafeUninitializedCapacity: Int(EVP_MAX_MD_SIZE)) { buffer, used in
      let isDone = EVP_Digest(message, message.count, buffer.baseAddress, &count, EVP_sha256(), nil) == 1
      used = isDone ? Int(count) : 0
    }
    return CertificatePin(bytes: digest)?.description
  }
}
