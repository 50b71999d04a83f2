import Testing

@testable import GRPC

@Suite struct DeframerTests {
  /// The messages in some bytes, given in pieces; and for each whether it was handed out where it lay.
  static func messages(_ bytes: [UInt8], piece: Int, limit: Int = 1000) throws -> [(
    text: String, inPlace: Bool
  )] {
    var deframer = MessageDeframer(messageBytesMaximum: limit)
    var found: [(String, Bool)] = []
    var start = 0
    while start < bytes.count {
      let part = Array(bytes[start..<min(bytes.count, start + piece)])
      start += part.count
      try part.withUnsafeBytes { chunk in
        var rest = chunk
        while let message = try deframer.next(&rest) {
          let inPlace = message.baseAddress.map { address in
            chunk.baseAddress.map { $0 <= address && address < $0 + chunk.count } ?? false
          }
          found.append((String(decoding: message, as: UTF8.self), inPlace ?? true))
        }
        #expect(rest.isEmpty)
      }
    }
    return found
  }

  @Test(arguments: 1...40)
  func anyPieces(_ piece: Int) throws {
    let texts = ["a", "", "hello", "", "", String(repeating: "x", count: 30), "end"]
    let found = try Self.messages(texts.flatMap { framed($0) }, piece: piece)
    #expect(found.map(\.text) == texts)
  }

  @Test func wholeMessagesAreNotCopied() throws {
    let texts = ["hello", "world", "again"]
    let found = try Self.messages(texts.flatMap { framed($0) }, piece: .max)
    #expect(found.map(\.inPlace) == [true, true, true])
    // The prefix alone in one chunk, the message in the next.
    #expect(try Self.messages(framed("hello"), piece: 5).map(\.inPlace) == [true])
    #expect(try Self.messages(framed("hello"), piece: 6).map(\.inPlace) == [false])
  }

  @Test func largeMessagesAreReleased() throws {
    let large = String(repeating: "x", count: 600_000)
    let found = try Self.messages(framed(large) + framed("small"), piece: 16_384, limit: 1 << 20)
    #expect(found.map(\.text) == [large, "small"])
  }

  @Test(arguments: [
    (framed("a", flag: 1), StatusCode.internalError), (framed("a", length: 1001), .resourceExhausted),
  ])
  func errors(_ bytes: [UInt8], _ code: StatusCode) {
    for piece in [1, 5, 100] {
      #expect { try Self.messages(bytes, piece: piece) } throws: { ($0 as? Status)?.code == code }
    }
  }
}
