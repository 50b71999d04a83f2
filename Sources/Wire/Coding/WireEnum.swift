/// A choice that travels as a protobuf enum, with the numbers of the .proto file.
protocol WireEnum: RawRepresentable<Int> {
  /// The enum that protoc-c made.
  associatedtype Packed: RawRepresentable<UInt32>

  /// What a number is read as that is not known here: the one of number 0.
  static var unheard: Self { get }
}

extension WireEnum {
  init(_ packed: Packed) { self = Self(rawValue: Int(packed.rawValue)) ?? .unheard }

  /// The same number.
  var packed: Packed {
    guard let packed = Packed(rawValue: UInt32(truncatingIfNeeded: rawValue)) else {
      preconditionFailure("an enum of C takes any number")
    }
    return packed
  }
}
