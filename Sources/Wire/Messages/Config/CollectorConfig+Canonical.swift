public import GRPC

extension CollectorConfig {
  /// The config packed: what its SHA-256 is of. Configs that differ only in the order of sources, filters,
  /// patterns and labels, which has no meaning, give the same bytes.
  public var packed: [UInt8] {
    var config = self
    config.sources.sort { $0.name < $1.name }
    for index in config.filters.indices {
      config.filters[index].include.sort()
      config.filters[index].exclude.sort()
    }
    config.filters.sort { $0.name < $1.name }
    config.labels.sort()
    var bytes: [UInt8] = []
    config.encode(into: &bytes)
    return bytes
  }

  /// SHA-256 of `packed`.
  public var sha256: [UInt8] { SHA256.digest(of: packed) }

  /// Reads a packed config. Throws INVALID_ARGUMENT, with a sentence that names the field.
  public init(packed bytes: [UInt8]) throws(Status) {
    guard bytes.count <= MessageLimits.configBytes else {
      throw Status(
        .invalidArgument, "a config of \(bytes.count) bytes; \(MessageLimits.configBytes) are allowed")
    }
    self = try bytes.withUnsafeBufferPointer { (bytes) throws(Status) in
      try CollectorConfig(decoding: UnsafeRawBufferPointer(bytes))
    }
  }
}
