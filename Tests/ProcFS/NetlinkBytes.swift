/// Messages as the kernel writes them, for tests.
enum NetlinkBytes {
  /// A message with this body.
  static func message(
    _ type: UInt16, flags: UInt16 = 2, sequence: UInt32 = 1, _ body: [UInt8] = []
  ) -> [UInt8] {
    padded(
      integer(UInt32(16 + body.count)) + integer(type) + integer(flags) + integer(sequence)
        + integer(UInt32(0)) + body)
  }

  /// The end of a dump.
  static func done(_ code: Int32 = 0, sequence: UInt32 = 1) -> [UInt8] {
    message(3, sequence: sequence, integer(code))
  }

  static func attribute(_ type: UInt16, _ value: [UInt8]) -> [UInt8] {
    padded(integer(UInt16(4 + value.count)) + integer(type) + value)
  }

  static func attribute(_ type: UInt16, _ value: some FixedWidthInteger) -> [UInt8] {
    attribute(type, integer(value))
  }

  static func attribute(_ type: UInt16, _ text: String) -> [UInt8] {
    attribute(type, Array(text.utf8) + [0])
  }

  /// The body of `RTM_NEWLINK`: flags up, broadcast, running, multicast, lower-up unless told otherwise.
  static func link(
    index: Int32 = 2, flags: UInt32 = 0x1_1043, family: UInt8 = 0, _ attributes: [UInt8]
  ) -> [UInt8] {
    [family, 0] + integer(UInt16(1)) + integer(index) + integer(flags) + integer(UInt32(0)) + attributes
  }

  /// The body of `RTM_NEWSTATS` with these counters.
  static func statistics(index: Int32 = 2, _ counters: [UInt64]) -> [UInt8] {
    integer(UInt32(0)) + integer(index) + integer(UInt32(1)) + attribute(1, counters.flatMap { integer($0) })
  }

  /// The body of a message about a socket.
  static func socket(_ state: UInt8, timer: UInt8 = 0, received: UInt32 = 0, sent: UInt32 = 0) -> [UInt8] {
    [2, state, timer, 0] + Array(repeating: 0, count: 48) + integer(UInt32(0)) + integer(received)
      + integer(sent)
      + integer(UInt32(0)) + integer(UInt32(0))
  }

  static func integer(_ value: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: value) { Array($0) }
  }

  private static func padded(_ bytes: [UInt8]) -> [UInt8] {
    bytes + Array(repeating: 0, count: (4 - bytes.count % 4) % 4)
  }
}
