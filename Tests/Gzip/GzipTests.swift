import GRPC
import Testing

@testable import Gzip

private func compressed(_ message: [UInt8]) -> [UInt8] {
  var output: [UInt8] = []
  message.withUnsafeBytes { Gzip.compress($0, into: &output) }
  return output
}

private func decompressed(_ bytes: [UInt8], limit: Int = 4 << 20) throws -> [UInt8] {
  var output: [UInt8] = []
  let result = bytes.withUnsafeBytes { bytes in
    Result { () throws(Status) in try Gzip.decompress(bytes, limit: limit, into: &output) }
  }
  try result.get()
  return output
}

private func code(_ bytes: [UInt8], limit: Int = 4 << 20) -> StatusCode? {
  do {
    _ = try decompressed(bytes, limit: limit)
    return nil
  } catch {
    return (error as? Status)?.code
  }
}

@Suite struct GzipTests {
  @Test(arguments: [0, 1, 100, 16_383, 16_384, 16_385, 1_000_000])
  func whatGoesInComesOut(_ count: Int) throws {
    let message = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 7) }
    #expect(try decompressed(compressed(message)) == message)
  }

  /// Made by `printf hello | gzip -n`.
  @Test func whatTheProgramMadeIsRead() throws {
    let bytes: [UInt8] = [
      0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x03, 0xcb, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00,
      0x86, 0xa6, 0x10, 0x36, 0x05, 0x00, 0x00, 0x00,
    ]
    #expect(try decompressed(bytes) == Array("hello".utf8))
  }

  @Test func theLimitHolds() throws {
    let bytes = compressed([UInt8](repeating: 0, count: 100_000))
    #expect(try decompressed(bytes, limit: 100_000).count == 100_000)
    #expect(code(bytes, limit: 99_999) == .resourceExhausted)
  }

  /// A hundred megabytes in a hundred kilobytes: given up after the limit and one chunk.
  @Test func aBombIsGivenUpEarly() {
    let bytes = compressed([UInt8](repeating: 0, count: 100 << 20))
    var output: [UInt8] = []
    let result = bytes.withUnsafeBytes { bytes in
      Result { () throws(Status) in try Gzip.decompress(bytes, limit: 1 << 20, into: &output) }
    }
    #expect(throws: Status.self) { try result.get() }
    #expect(output.count <= 1 << 20 + 16 << 10)
  }

  @Test func damageIsNoticed() {
    let good = compressed(Array("hello, hello, hello, hello".utf8))
    for length in 0..<good.count { #expect(code(Array(good.prefix(length))) == .internalError, "\(length)") }
    #expect(code(good + [0]) == .internalError)
    for index in good.indices where ![4, 5, 6, 7, 8, 9].contains(index) {
      var bad = good
      bad[index] ^= 0x55
      #expect(code(bad) != nil, "byte \(index)")
    }
  }
}
