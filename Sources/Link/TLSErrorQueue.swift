import COpenSSL
import Glibc

/// OpenSSL's list of errors of this thread. Whoever calls OpenSSL clears it before and takes it after a failure.
enum TLSErrorQueue {
  /// One entry: a number to compare with `SSL_R_…`, and its text.
  struct Entry {
    let library: Int32
    let reason: Int32
    let text: String

    /// The entry is `reason` of libssl (other libraries count their reasons from one, too).
    func isSSL(_ reason: Int32) -> Bool { library == ERR_LIB_SSL && self.reason == reason }
  }

  static func clear() { openSSL.ERR_clear_error() }

  /// The oldest entry, which is the cause of the younger ones; clears the list.
  static func take() -> Entry? {
    let code = openSSL.ERR_get_error()
    defer { openSSL.ERR_clear_error() }
    guard code != 0 else { return nil }
    let text = openSSL.ERR_reason_error_string(code).map { String(cString: $0) } ?? systemText(code)
    return Entry(library: ERR_GET_LIB(code), reason: ERR_GET_REASON(code), text: text)
  }

  /// OpenSSL has no words for an errno, which it marks with its highest bit (ERR_SYSTEM_FLAG).
  private static func systemText(_ code: UInt) -> String {
    guard code & 0x8000_0000 != 0 else { return "error \(code)" }
    return String(cString: strerror(Int32(truncatingIfNeeded: code & 0x7FFF_FFFF)))
  }

  /// The reason alone, for messages; "unknown error" when the list is empty.
  static func takeText() -> String { take()?.text ?? "unknown error" }
}
