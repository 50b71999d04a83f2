import NIOSSL

/// Whether a certificate carries a DNS name (RFC 9525).
///
/// NIOSSL also takes a certificate that only carries the IP address which the socket happens to be connected to, or,
/// in the absence of other names, a common name. Who expects a name gets no such substitute here.
enum ServerName {
  /// Why a certificate was refused, in words.
  struct Mismatch: Error, CustomStringConvertible {
    var expected: String
    var found: [String]

    var description: String {
      let names = found.isEmpty ? "no DNS name" : found.joined(separator: ", ")
      return "the certificate carries \(names), not the expected \"\(expected)\""
    }
  }

  /// Names listed in a message about a certificate that has many.
  private static let namesListedMaximum = 5

  /// Throws `Mismatch` when no DNS name of the certificate is, or covers, `expected`.
  static func check(_ expected: String, in certificate: NIOSSLCertificate) throws {
    let found = certificate._subjectAlternativeNames().filter { $0.nameType == .dnsName }
      .map { String(decoding: $0.contents, as: UTF8.self) }
    guard !found.contains(where: { covers($0, expected) }) else { return }
    throw Mismatch(expected: expected, found: Array(found.prefix(namesListedMaximum)))
  }

  /// Case does not matter, nor a final dot; `*` stands for exactly the first label of at least three.
  static func covers(_ pattern: String, _ name: String) -> Bool {
    let patternLabels = labels(pattern)
    let nameLabels = labels(name)
    guard patternLabels.count == nameLabels.count, !nameLabels.isEmpty else { return false }
    guard patternLabels[0] == "*" else { return patternLabels == nameLabels }
    return nameLabels.count >= 3 && !nameLabels[0].isEmpty
      && patternLabels.dropFirst() == nameLabels.dropFirst()
  }

  private static func labels(_ name: String) -> [Substring] {
    var labels = name.lowercased().split(separator: ".", omittingEmptySubsequences: false)
    if labels.last == "" { labels.removeLast() }
    return labels
  }
}
