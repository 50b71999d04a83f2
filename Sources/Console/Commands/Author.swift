import Glibc
import Wire

/// Who gives an order, for the audit log. It is what the operator says of himself: the aggregator notes
/// the address beside it.
public enum Author {
  /// `MUSTER_AUTHOR`, else `user@host`, where the user is the one who called sudo.
  public static var current: String {
    name(
      environment: { name in getenv(name).map { String(cString: $0) } }, account: accountName,
      host: hostName)
  }

  static func name(environment: (String) -> String?, account: String, host: String) -> String {
    func chosen(_ name: String) -> String? { environment(name).flatMap { $0.isEmpty ? nil : $0 } }
    var text = (chosen("MUSTER_AUTHOR") ?? "\(chosen("SUDO_USER") ?? account)@\(host)").printable
    while text.utf8.count > MessageLimits.authorBytes { text.removeLast() }
    return text
  }

  private static var accountName: String {
    var entry = passwd()
    var found: UnsafeMutablePointer<passwd>?
    var buffer = [CChar](repeating: 0, count: 4096)
    guard getpwuid_r(getuid(), &entry, &buffer, buffer.count, &found) == 0, found != nil,
      let name = entry.pw_name
    else { return "uid-\(getuid())" }
    return String(cString: name)
  }

  private static var hostName: String {
    var name = utsname()
    guard uname(&name) == 0 else { return "localhost" }
    return withUnsafeBytes(of: &name.nodename) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
  }
}
