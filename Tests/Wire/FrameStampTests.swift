import GRPC
import Testing

@testable import Wire

/// Which config was in force when the values of a frame were read.
@Suite struct FrameStampTests {
  private var host: TestHost = {
    var host = TestHost()
    host.add("a", 1)
    return host
  }()

  private mutating func frame(_ config: [UInt8], _ opening: StreamOpening? = nil) -> [UInt8] {
    host.config = config
    return host.frame(opening: opening)
  }

  @Test mutating func aStampIsSaidOnceAndOnlyWhenItChanges() throws {
    let decoder = FrameDecoder()
    #expect(try decoder.see(frame([], opening)).config == [])
    #expect(try decoder.see(frame([])).config == nil)
    #expect(try decoder.see(frame(.sha256(1))).config == .sha256(1))
    #expect(try decoder.see(frame(.sha256(1))).config == nil)
    #expect(try decoder.see(frame(.sha256(2))).config == .sha256(2))
    #expect(try decoder.see(frame([])).config == [])
    #expect(try decoder.see(frame([])).config == nil)
  }

  @Test mutating func aFrameThatDoesNotSayItCostsNothing() {
    _ = frame([])
    let quiet = frame([]).count
    let stamped = frame(.sha256(1)).count
    #expect(frame(.sha256(1)).count == quiet)
    #expect(stamped == quiet + 34)
    #expect(frame([]).count == quiet + 2)
  }

  @Test mutating func theFirstFrameOfAStreamSaysItAgain() throws {
    _ = frame(.sha256(1), opening)
    #expect(try FrameDecoder().see(frame(.sha256(1), opening)).config == .sha256(1))
  }

  /// What went before decides: frames 1 to 3 are acknowledged, 4 is the oldest held.
  @Test(
    arguments: [
      ([[1], [1], [1], [1]], [1]), ([[1], [2], [2], [2]], [2]), ([[1], [1], [1], []], []),
      ([[1], [], [], []], []), ([[], [], [], [3]], [3]), ([[], [], [], []], []),
    ] as [([[UInt8]], [UInt8])])
  mutating func aNewStreamBeginsWithTheConfigOfItsFirstFrame(
    _ story: [[UInt8]], _ expected: [UInt8]
  ) throws {
    func sha256(_ short: [UInt8]) -> [UInt8] { short.first.map { .sha256($0) } ?? [] }
    let frames = story.map { frame(sha256($0)) }
    let base = FrameBase()
    for frame in frames[..<3] { try frame.withUnsafeBytes { try base.apply($0) } }
    for _ in 0..<2 {
      var first: [UInt8] = []
      try frames[3].withUnsafeBytes {
        try base.openingFrame(applying: $0, opening: opening, descriptors: host.descriptors, into: &first)
      }
      let decoder = FrameDecoder()
      #expect(try decoder.see(first).config == sha256(expected))
      #expect(try decoder.see(frame(sha256(story[3]))).config == nil)
      host.sequence -= 1
    }
  }

  @Test mutating func aRefusedFrameChangesNothing() throws {
    let base = FrameBase()
    try frame(.sha256(1)).withUnsafeBytes { try base.apply($0) }
    let wrong = RawMessage.frame(2) {
      $0.bytes(12, .sha256(9))
      $0.gone([7])
    }
    #expect(status { try wrong.withUnsafeBytes { try base.apply($0) } }?.code == .invalidArgument)
    let bad = RawMessage.frame(2) { $0.bytes(12, [1]) }
    #expect(
      status { try bad.withUnsafeBytes { try base.apply($0) } }
        == Status(.invalidArgument, "config_sha256 has 1 bytes; a SHA-256 has 32, or 0 if there is none"))

    var first: [UInt8] = []
    try frame(.sha256(1)).withUnsafeBytes {
      try base.openingFrame(applying: $0, opening: opening, descriptors: host.descriptors, into: &first)
    }
    #expect(try FrameDecoder().see(first).config == .sha256(1))
  }

  @Test mutating func aForeignProducerMaySayLocalOnItsFirstFrame() throws {
    let bytes = RawMessage.frame {
      $0.opening()
      $0.varint(13, 1)
    }
    #expect(try FrameDecoder().see(bytes).config == [])
  }
}
