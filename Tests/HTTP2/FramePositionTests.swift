import Testing

@testable import HTTP2

@Suite struct FramePositionTests {
  /// A frame: length, type, flags, stream, payload.
  private func frame(_ type: UInt8, _ flags: UInt8 = 0, _ length: Int = 0) -> [UInt8] {
    [UInt8(length >> 16), UInt8(length >> 8 & 255), UInt8(length & 255), type, flags, 0, 0, 0, 1]
      + Array(repeating: 0xff, count: length)
  }

  private func pass(_ bytes: [UInt8], in pieces: Int, _ role: HTTP2Session.Role = .client) -> FramePosition {
    var position = FramePosition(role)
    for start in stride(from: 0, to: bytes.count, by: pieces) {
      bytes[start..<min(start + pieces, bytes.count)].withUnsafeBytes { position.pass($0) }
    }
    return position
  }

  @Test(arguments: [1, 2, 3, 7, 8, 9, 10, 64, 100_000])
  func anyPieces(_ pieces: Int) {
    let frames = frame(4) + frame(0, 0, 300) + frame(6, 0, 8) + frame(0xfa, 0xff, 70_000) + frame(8, 0, 4)
    let whole = pass(frames, in: pieces)
    #expect(!whole.isInside)
    #expect(whole.ends == 5)
    for missing in [1, 4, 5, 12] { #expect(pass(frames.dropLast(missing), in: pieces).isInside) }
    #expect(pass(frames.dropLast(13), in: pieces).ends == 4)
    #expect(!pass(frames.dropLast(13), in: pieces).isInside)
  }

  @Test func aHeaderBlockIsOneThing() {
    #expect(pass(frame(1, 0, 5), in: 3).isInside)
    #expect(pass(frame(1, 0, 5) + frame(9, 0, 5), in: 3).isInside)
    #expect(!pass(frame(1, 0, 5) + frame(9, 4, 5), in: 3).isInside)
    #expect(!pass(frame(1, 4 | 1, 5), in: 3).isInside)
    #expect(!pass(frame(0, 0, 5), in: 3).isInside, "the flag means something else on DATA")
  }

  @Test func thePrefaceComesFirst() {
    let preface = Array(repeating: UInt8(0), count: 24)
    #expect(pass([], in: 1, .server).isInside)
    #expect(pass(preface.dropLast(), in: 5, .server).isInside)
    #expect(!pass(preface, in: 5, .server).isInside)
    #expect(!pass(preface + frame(4), in: 5, .server).isInside)
  }
}
