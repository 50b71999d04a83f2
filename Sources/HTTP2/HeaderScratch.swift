internal import CNghttp2

/// Lays out header lists as nghttp2 takes them. Its storage is reused; nghttp2 copies.
struct HeaderScratch {
  private var bytes: [UInt8] = []
  private var pairs: [nghttp2_nv] = []

  /// Fields whose values must not stay in compression tables, where a guess could be tested against them (RFC
  /// 7541, 7.1).
  private static let sensitive = ["authorization", "cookie"]

  mutating func with<Result>(
    _ headers: HTTP2Headers, _ body: (UnsafePointer<nghttp2_nv>?, Int) -> Result
  ) -> Result {
    bytes.removeAll(keepingCapacity: true)
    pairs.removeAll(keepingCapacity: true)
    for field in headers.fields {
      bytes.append(contentsOf: field.name.utf8)
      bytes.append(contentsOf: field.value.utf8)
    }
    return bytes.withUnsafeMutableBufferPointer { bytes in
      guard var next = bytes.baseAddress else { return body(nil, 0) }
      for field in headers.fields {
        let value = next + field.name.utf8.count
        let flags = Self.sensitive.contains(field.name) ? NGHTTP2_NV_FLAG_NO_INDEX : NGHTTP2_NV_FLAG_NONE
        pairs.append(
          nghttp2_nv(
            name: next, value: value, namelen: field.name.utf8.count, valuelen: field.value.utf8.count,
            flags: UInt8(flags.rawValue)))
        next = value + field.value.utf8.count
      }
      return pairs.withUnsafeBufferPointer { body($0.baseAddress, $0.count) }
    }
  }
}
