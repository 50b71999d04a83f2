internal import CProtobufC

/// On, off, or as the local file has it.
public enum Switch: Int, Sendable, CaseIterable {
  /// Not said.
  case unset = 0
  /// On.
  case on = 1
  /// Off.
  case off = 2
}

extension Switch: WireEnum {
  typealias Packed = Muster__V1__Switch
  static var unheard: Switch { .unset }
}
