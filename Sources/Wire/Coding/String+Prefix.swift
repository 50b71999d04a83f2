extension String {
  /// As much of it as fits into so many bytes of UTF-8.
  public func prefix(utf8Bytes limit: Int) -> String {
    guard utf8.count > limit else { return self }
    var end = utf8.index(startIndex, offsetBy: limit)
    while UInt8(utf8[end]) & 0xC0 == 0x80 { end = utf8.index(before: end) }
    return String(self[..<end])
  }
}
