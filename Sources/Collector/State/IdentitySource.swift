import GRPC
import Glibc

/// Where an identity's parts come from: files of the host, and the kernel's randomness.
struct IdentitySource {
  /// The host's file tree: `/`, or where it is mounted in a container.
  var root: String

  /// The salted hash of the machine id; empty when the host has none.
  ///
  /// machine-id(5): the id is confidential, and no program should show it or derive something from it
  /// without a key of its own.
  func machine() -> String {
    let id = firstLine("/etc/machine-id")
    guard id.count == 32 else { return "" }
    return Hexadecimal.text(SHA256.digest(of: Array("muster host identity\n".utf8) + id.utf8))
  }

  /// The kernel's boot id; empty when it cannot be read.
  func bootID() -> String {
    let id = firstLine("/proc/sys/kernel/random/boot_id")
    return id.utf8.count == 36 ? id : ""
  }

  /// 128 random bits as hexadecimal digits.
  static func freshHostID() -> String {
    var random = SystemRandomNumberGenerator()
    let digits = Array("0123456789abcdef")
    return String((0..<32).map { _ in digits[Int.random(in: 0..<16, using: &random)] })
  }

  private func firstLine(_ name: String) -> String {
    let path = (root.hasSuffix("/") ? String(root.dropLast()) : root) + name
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return "" }
    defer { close(descriptor) }
    var buffer = [UInt8](repeating: 0, count: 64)
    let count = read(descriptor, &buffer, buffer.count)
    return String(decoding: buffer.prefix(max(0, count)).prefix { $0 != 0x0A }, as: UTF8.self)
  }
}
