internal import CProtobufC

/// Who may give a command. Each includes the one before.
public enum Role: Int, Comparable, Sendable, CaseIterable {
  /// Not said.
  case unspecified = 0
  /// May look.
  case view = 1
  /// May change how a collector works.
  case operate = 2
  /// May stop collectors.
  case administer = 3

  /// By what they include.
  public static func < (a: Role, b: Role) -> Bool { a.rawValue < b.rawValue }
}

extension Role: WireEnum {
  typealias Packed = Muster__V1__Role
  static var unheard: Role { .unspecified }
}
