internal import CProtobufC
internal import GRPC

/// What is left out of one kind of names, in place of the standard rule: with no pattern at all, nothing is.
public struct FilterConfig: Hashable, Sendable {
  /// disk_devices, mount_points, …: see `ConfigSchema.filterNames`.
  public var name: String
  /// If there are any, only names that fit a pattern of these are kept.
  public var include: [String]
  /// Names that fit a pattern of these are left out.
  public var exclude: [String]

  /// A filter of this name.
  public init(name: String, include: [String] = [], exclude: [String] = []) {
    self.name = name
    self.include = include
    self.exclude = exclude
  }
}

extension FilterConfig: WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Muster__V1__FilterConfig>) {
    muster__v1__filter_config__init(packed)
  }

  init(_ packed: Muster__V1__FilterConfig) throws(Status) {
    self.init(
      name: try text(packed.name, "filter name", MessageLimits.nameBytes),
      include: try texts(
        packed.include, packed.n_include, "include", MessageLimits.configPatterns, MessageLimits.nameBytes),
      exclude: try texts(
        packed.exclude, packed.n_exclude, "exclude", MessageLimits.configPatterns, MessageLimits.nameBytes))
  }

  func fill(_ packed: inout Muster__V1__FilterConfig, _ arena: Arena) {
    packed.name = arena.text(name)
    (packed.n_include, packed.include) = arena.texts(include)
    (packed.n_exclude, packed.exclude) = arena.texts(exclude)
  }
}
