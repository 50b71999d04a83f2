extension StringProtocol {
  /// Whether `part`, which is not empty, stands somewhere in it, byte by byte.
  ///
  /// The standard library's `contains` that takes text comes with its regular expressions, a megabyte that the
  /// collector does without.
  public func holds(_ part: String) -> Bool {
    var rest = utf8[...]
    while let start = rest.firstIndex(of: part.utf8.first ?? 0) {
      if rest[start...].starts(with: part.utf8) { return true }
      rest = rest[rest.index(after: start)...]
    }
    return false
  }
}
