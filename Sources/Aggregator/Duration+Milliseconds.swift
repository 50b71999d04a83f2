import GRPC

extension Duration {
  /// The duration in milliseconds, rounded towards zero, within `UInt32`, as intervals travel.
  var wholeMilliseconds: UInt32 { UInt32(clamping: saturatedMicroseconds / 1000) }
}
