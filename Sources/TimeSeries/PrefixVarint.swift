/// Integers of 1 to 9 bytes: 7 bits of value per byte, like LEB128, but the length stands in the first
/// byte (its number of trailing zeros), so one load and one shift read the whole of it.
///
///     bytes  first byte, high to low   bits of value
///       1    vvvvvvv1                   7
///       2    vvvvvv10 vvvvvvvv          14
///       8    10000000 + 7 bytes         56
///       9    00000000 + 8 bytes         64
///
/// Readers and writers touch up to `slack` bytes from where they start, however short the value.
enum PrefixVarint {
  static let maximumBytes = 9
  static let slack = 9

  /// Bytes that `value` takes.
  @inline(__always)
  static func length(_ value: UInt64) -> Int {
    let bits = 64 &- (value | 1).leadingZeroBitCount
    // bits / 7 rounded up, for 1...64; 9 bytes hold 57 to 64 bits.
    return min(9, (bits &* 37 &+ 222) &>> 8)
  }

  /// Writes `value`, and answers where the next one goes.
  @inline(__always)
  static func write(_ value: UInt64, to out: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
    if value < 0x80 {
      out.storeBytes(of: UInt8(truncatingIfNeeded: value << 1 | 1), as: UInt8.self)
      return out + 1
    }
    let length = length(value)
    if length == 9 {
      out.storeBytes(of: 0, as: UInt8.self)
      (out + 1).storeBytes(of: value, as: UInt64.self)
    } else {
      let word = (value << 1 | 1) &<< UInt64(truncatingIfNeeded: length &- 1)
      out.storeBytes(of: word, as: UInt64.self)
    }
    return out + length
  }

  /// Reads one value and moves `pointer` behind it.
  @inline(__always)
  static func read(_ pointer: inout UnsafeRawPointer) -> UInt64 {
    let first = pointer.load(as: UInt8.self)
    if first & 1 != 0 {
      pointer += 1
      return UInt64(first >> 1)
    }
    if first == 0 {
      let value = (pointer + 1).loadUnaligned(as: UInt64.self)
      pointer += 9
      return value
    }
    let length = first.trailingZeroBitCount &+ 1
    let word = pointer.loadUnaligned(as: UInt64.self)
    pointer += length
    return (word &<< UInt64(truncatingIfNeeded: 64 &- 8 &* length))
      &>> UInt64(truncatingIfNeeded: 64 &- 7 &* length)
  }
}

extension Int64 {
  /// Small magnitudes as small unsigned numbers: 0, -1, 1, -2 become 0, 1, 2, 3.
  @inline(__always)
  var zigzag: UInt64 { UInt64(bitPattern: (self &<< 1) ^ (self &>> 63)) }

  @inline(__always)
  init(zigzag value: UInt64) { self = Int64(bitPattern: value &>> 1) ^ -Int64(bitPattern: value & 1) }
}
