import Testing

@testable import TimeSeries

@Suite struct CodingTests {
  /// Around every power of two, and both ends.
  static let edges: [UInt64] = (0..<64).flatMap { (bit: UInt64) -> [UInt64] in
    let power: UInt64 = 1 << bit
    return [power - 1, power, power + 1, .max - power + 1]
  }

  @Test func everyPrefixVarintReadsBackAndIsAsLongAsSaid() {
    withBuffer { start in
      for value in Self.edges {
        let end = PrefixVarint.write(value, to: start)
        #expect(end - start == PrefixVarint.length(value))
        #expect((end - start) <= PrefixVarint.maximumBytes)
        var pointer = UnsafeRawPointer(start)
        #expect(PrefixVarint.read(&pointer) == value)
        #expect(pointer == UnsafeRawPointer(end))
      }
    }
  }

  @Test(
    arguments: [
      (0, 1), (0x7f, 1), (0x80, 2), (0x3fff, 2), (0x4000, 3), ((1 << 56) - 1, 8), (1 << 56, 9), (.max, 9),
    ] as [(UInt64, Int)])
  func prefixVarintLength(_ value: UInt64, _ length: Int) {
    #expect(PrefixVarint.length(value) == length)
  }

  @Test(arguments: [(0, 0), (-1, 1), (1, 2), (-2, 3), (.max, .max - 1), (.min, .max)] as [(Int64, UInt64)])
  func zigzag(_ signed: Int64, _ unsigned: UInt64) {
    #expect(signed.zigzag == unsigned)
    #expect(Int64(zigzag: unsigned) == signed)
  }

  @Test(arguments: 0...BitPacking.maximumWidth)
  func packedIntegersReadBack(_ width: Int) {
    var random = SeededGenerator(seed: UInt64(width))
    let base = Int64(bitPattern: random.next())
    let mask: UInt64 = (1 << UInt64(width)) - 1
    for count in [0, 1, 2, 7, 8, 9, 63, 64] {
      let values = (0..<count).map { _ in base &+ Int64(bitPattern: random.next() & mask) }
      withBuffer { start in
        let end = values.withUnsafeBufferPointer {
          BitPacking.write($0, base: base, width: width, to: start)
        }
        #expect(end - start == BitPacking.bytes(count: count, width: width))
        var back = [Int64](repeating: 0, count: count + 1)
        BitPacking.read(start, count: count, base: base, width: width, into: &back)
        #expect(back.dropLast() == values[...])
      }
    }
  }

  static let constant = [Int64](repeating: 100, count: 64)
  static let narrow: [Int64] = (0..<64).map { 97 + $0 % 4 }
  static let outlier: [Int64] = [Int64](repeating: 1, count: 63) + [1 << 40]

  /// What deltas look like, and whether packing them is shorter.
  @Test(
    arguments: [
      ([], false, 0),
      ([5], false, 1),
      (Array(repeating: 100, count: 64), true, 3),
      ((0..<64).map { 97 + $0 % 4 }, true, 2 + 1 + 16),
      // One far out: the rest stay a byte each.
      (Array(repeating: 1, count: 63) + [1 << 40], false, 63 + 6),
      // Farther apart than packing can hold.
      ([.min, .max], false, 18),
    ] as [([Int64], Bool, Int)])
  func theShorterCodingIsTaken(_ deltas: [Int64], _ packed: Bool, _ bytes: Int) {
    deltas.withUnsafeBufferPointer { deltas in
      let coding = DeltaCoding(deltas)
      #expect(coding.packed == packed)
      #expect(coding.bytes == bytes)
      withBuffer { start in #expect(coding.write(deltas, to: start) - start == bytes) }
    }
  }

  @Test(arguments: [0, 1, 2, 3, 4, 5] as [UInt64])
  func deltasTakeTheBytesAnnounced(_ seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    for _ in 0..<300 {
      let bits = Int.random(in: 0...63, using: &random)
      let deltas = (0..<Int.random(in: 0...64, using: &random)).map { _ in
        Int64(bitPattern: random.next()) >> Int64(random.chance(0.05) ? 0 : 63 - bits)
      }
      deltas.withUnsafeBufferPointer { deltas in
        let coding = DeltaCoding(deltas)
        withBuffer { start in #expect(coding.write(deltas, to: start) - start == coding.bytes) }
      }
    }
  }

  private func withBuffer(_ body: (UnsafeMutableRawPointer) -> Void) {
    withUnsafeTemporaryAllocation(byteCount: 1024, alignment: 8) { body($0.baseAddress!) }
  }
}
