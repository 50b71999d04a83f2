/// A layer as it is stored.
public struct StoredLayer: Hashable, Sendable {
  /// Names the layer: a selector as `Selector.canonicalText` writes it; empty: the whole fleet.
  public var selector: String
  /// The document in force; 0: none.
  public var current: UInt64
  /// The documents that were in force before, oldest first; 0 stands for none. At most
  /// `SteeringLimits.layerHistory`.
  public var history: [UInt64]

  /// A layer of these parts.
  public init(selector: String, current: UInt64 = 0, history: [UInt64] = []) {
    self.selector = selector
    self.current = current
    self.history = history
  }
}
