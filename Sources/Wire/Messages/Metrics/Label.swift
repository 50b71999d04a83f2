internal import CProtobufC
internal import GRPC

/// A name and a value that tell one series, or one host, from another.
public struct Label: Hashable, Comparable, Sendable {
  /// `[a-zA-Z_][a-zA-Z0-9_]*`, by the Prometheus data model.
  public var name: String
  /// Any text.
  public var value: String

  /// A label of these two.
  public init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }

  /// By name, then by value.
  public static func < (a: Label, b: Label) -> Bool { (a.name, a.value) < (b.name, b.value) }
}

extension Label: WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Muster__V1__Label>) { muster__v1__label__init(packed) }

  init(_ packed: Muster__V1__Label) throws(Status) {
    self.init(
      try text(packed.name, "label name", MessageLimits.nameBytes),
      try text(packed.value, "label value", MessageLimits.labelValueBytes))
  }

  func fill(_ packed: inout Muster__V1__Label, _ arena: Arena) {
    packed.name = arena.text(name)
    packed.value = arena.text(value)
  }
}
