/// Up to 64 integers of one width, bit after bit, lowest first. Widths up to 56, so that one unaligned
/// load holds any of them.
enum BitPacking {
  static let maximumWidth = 56
  /// Readers and writers touch up to this many bytes behind the last bit.
  static let slack = 8

  @inline(__always)
  static func width(_ largest: UInt64) -> Int { 64 &- largest.leadingZeroBitCount }

  @inline(__always)
  static func bytes(count: Int, width: Int) -> Int { (count &* width &+ 7) &>> 3 }

  /// Writes each value less `base`, and answers where the next byte goes.
  static func write(
    _ values: UnsafeBufferPointer<Int64>, base: Int64, width: Int, to start: UnsafeMutableRawPointer
  ) -> UnsafeMutableRawPointer {
    var out = start
    var pending: UInt64 = 0
    var filled = 0
    for value in values {
      pending |= UInt64(bitPattern: value &- base) &<< UInt64(truncatingIfNeeded: filled)
      filled &+= width
      out.storeBytes(of: pending, as: UInt64.self)
      out += filled &>> 3
      pending &>>= UInt64(truncatingIfNeeded: filled & ~7)
      filled &= 7
    }
    return start + bytes(count: values.count, width: width)
  }

  @inline(__always)
  static func read(
    _ start: UnsafeRawPointer, count: Int, base: Int64, width: Int, into out: UnsafeMutablePointer<Int64>
  ) {
    let mask: UInt64 = (1 &<< UInt64(truncatingIfNeeded: width)) &- 1
    var bit = 0
    for i in 0..<count {
      let word = (start + (bit &>> 3)).loadUnaligned(as: UInt64.self)
      let value = (word &>> UInt64(truncatingIfNeeded: bit & 7)) & mask
      out[i] = base &+ Int64(bitPattern: value)
      bit &+= width
    }
  }
}
