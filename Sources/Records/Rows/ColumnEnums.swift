internal import GRDB
internal import Steering
internal import Wire

/// Enumerations of the wire are kept as their numbers; a number from a newer version is the case that stands
/// for not knowing.
protocol ColumnEnum: ColumnValue, RawRepresentable where RawValue == Int {
  static var unheard: Self { get }
}

extension ColumnEnum {
  var column: DatabaseValue { Int64(rawValue).databaseValue }
  init?(column: DatabaseValue) {
    guard let number = Int64(column: column) else { return nil }
    self = Int(exactly: number).flatMap(Self.init(rawValue:)) ?? Self.unheard
  }
}

extension ConfigState: ColumnEnum { static var unheard: ConfigState { .unknown } }
extension RolloutState: ColumnEnum { static var unheard: RolloutState { .unknown } }
extension Role: ColumnEnum { static var unheard: Role { .unspecified } }
