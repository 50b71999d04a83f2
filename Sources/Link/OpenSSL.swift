import COpenSSL
import Glibc

/// libssl and libcrypto, loaded when the first link with TLS is made and kept: a program that speaks plaintext has
/// neither their half megabyte of relocated tables nor what they allocate at start.
enum OpenSSL {
  /// Loads them, the first time; throws `.configuration` when they are not there, or not as the headers describe.
  /// Whatever else calls OpenSSL does so after this.
  static func load() throws(LinkError) {
    if let failure { throw failure }
  }

  /// Uninitialized unless `load` succeeded.
  nonisolated(unsafe) static let functions = UnsafeMutablePointer<copenssl_functions>.allocate(capacity: 1)

  private static let failure: LinkError? = find(in: String(cString: copenssl_soname()), into: functions)

  /// By the soname, which the loader looks for where it looks for any library.
  static func find(
    in library: String, into functions: UnsafeMutablePointer<copenssl_functions>
  ) -> LinkError? {
    guard let handle = dlopen(library, RTLD_NOW | RTLD_LOCAL) else {
      return LinkError(.configuration, "TLS needs OpenSSL: \(String(cString: dlerror()))")
    }
    guard let missing = copenssl_find(functions, handle) else { return nil }
    return LinkError(.configuration, "TLS needs OpenSSL: \(library) has no \(String(cString: missing))")
  }
}

/// OpenSSL's functions, by their names.
var openSSL: copenssl_functions { OpenSSL.functions.pointee }
