/// Which of some names are sampled: node_exporter's default rule, or the operator's lists in its place.
public struct NameFilter: Hashable, Sendable {
  /// The rule while there are no lists.
  public var standard: StandardFilter
  /// If there is one, only names that fit a pattern of it are kept.
  public var include: [GlobPattern]?
  /// If there is one, names that fit a pattern of it are left out.
  public var exclude: [GlobPattern]?

  /// The standard rule, or lists.
  public init(_ standard: StandardFilter, include: [GlobPattern]? = nil, exclude: [GlobPattern]? = nil) {
    self.standard = standard
    self.include = include
    self.exclude = exclude
  }

  /// Whether series of this name are kept.
  public func keeps(_ name: UnsafeRawBufferPointer) -> Bool {
    if include == nil, exclude == nil { return standard.keeps(name) }
    if let include, !include.contains(where: { $0.matches(name) }) { return false }
    if let exclude, exclude.contains(where: { $0.matches(name) }) { return false }
    return true
  }

  /// The group that an interface is summed in instead of being shown; nil if it is shown, or left out altogether.
  @inline(__always)
  func group(of name: UnsafeRawBufferPointer) -> InterfaceGroup? {
    guard standard == .networkInterfaces, include == nil, exclude == nil else { return nil }
    return InterfaceGroup(name)
  }

  /// Whether series of this name are kept.
  public func keeps(_ name: String) -> Bool {
    var name = name
    return name.withUTF8 { keeps(UnsafeRawBufferPointer($0)) }
  }
}
