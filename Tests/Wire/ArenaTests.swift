import Testing

@testable import Wire

@Suite struct ArenaTests {
  @Test func piecesAreAlignedAndDoNotOverlap() {
    let arena = Arena()
    var pieces: [(UnsafeMutablePointer<UInt8>, Int)] = []
    for size in [0, 1, 7, 8, 9, 100, 5000, 1, 100_000, 3] {
      let piece = arena.take(UInt8.self, count: size)
      piece.initialize(repeating: UInt8(pieces.count), count: size)
      pieces.append((piece, size))
    }
    for (number, (piece, size)) in pieces.enumerated() {
      #expect(UInt(bitPattern: piece) % 8 == 0)
      #expect(UnsafeBufferPointer(start: piece, count: size).allSatisfy { $0 == UInt8(number) })
    }
    #expect(arena.taken >= 105_000)
    arena.reset()
    #expect(arena.taken == 0)
  }

  @Test func memoryIsUsedAgain() {
    let arena = Arena()
    let first = arena.take(UInt64.self, count: 10)
    arena.reset()
    #expect(arena.take(UInt64.self, count: 10) == first)
  }
}
