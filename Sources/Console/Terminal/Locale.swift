import Glibc

/// What the environment says of the terminal's character set (POSIX: LC_ALL, then LC_CTYPE, then LANG).
enum Locale {
  /// Whether block characters may be drawn. An environment that says nothing is taken as UTF-8,
  /// which is what a terminal of today speaks.
  static var isUnicode: Bool {
    for name in ["LC_ALL", "LC_CTYPE", "LANG"] {
      guard let value = getenv(name).map({ String(cString: $0) }), !value.isEmpty else { continue }
      let locale = value.lowercased()
      return locale.contains("utf-8") || locale.contains("utf8")
    }
    return true
  }
}
