internal import CProtobufC

/// What processes are ordered by.
public enum ProcessOrder: Int, Sendable, CaseIterable {
  /// CPU time over the window.
  case cpu = 0
  /// Resident memory.
  case memory = 1
  /// Bytes read and written over the window.
  case io = 2
  /// Number of threads.
  case threads = 3
}

extension ProcessOrder: WireEnum {
  typealias Packed = Muster__V1__ProcessOrder
  static var unheard: ProcessOrder { .cpu }
}
