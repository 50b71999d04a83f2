import GRPC
import Testing

@testable import Wire

@Suite struct FrameRefusalTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let frame: [UInt8]
    init(_ sentence: String, _ build: (inout RawMessage) -> Void) {
      testDescription = sentence
      frame = RawMessage.frame(2, build)
    }
  }

  /// A stream that has described an integer (0: 10), a double (1: 1.5) and an integer (2: absent).
  static func begun() throws -> FrameDecoder {
    let decoder = FrameDecoder(limits: FrameLimits(series: 5))
    try decoder.see(
      RawMessage.frame(1) {
        $0.opening()
        $0.integer("a")
        $0.double("b")
        $0.integer("c")
        $0.changes([0: 10])
        $0.doubles(at: [1], [1.5])
      })
    return decoder
  }

  private static func mismatch(
    _ groups: Int, _ series: Int, in members: Int, _ deltas: Int, _ build: (inout RawMessage) -> Void
  ) -> Case {
    Case(
      "changed_groups marks \(groups) groups, changed_members \(series) series in \(members) groups (0 is not "
        + "allowed), and there are \(deltas) deltas", build)
  }

  static let invalid = [
    Case("a second opening on the stream of web-1") { $0.opening() },
    Case("config_sha256 has 31 bytes; a SHA-256 has 32, or 0 if there is none") {
      $0.bytes(12, [UInt8](repeating: 1, count: 31))
    },
    Case("a frame with config_sha256 and config_is_local; send one of them") {
      $0.bytes(12, .sha256(1))
      $0.varint(13, 1)
    },
    Case("series 3 of a stream that has described 3 series") { $0.changes([3: 1]) },
    Case("series 8000 of a stream that has described 3 series") { $0.changes([0: 1, 8000: 1]) },
    Case("series 1 is not described as integer") { $0.changes([0: 1, 1: 1]) },
    Case("series 2 is not described as double") { $0.doubles(at: [2], [1]) },
    Case("series 9 of a stream that has described 3 series") { $0.doubles(at: [9], [1]) },
    mismatch(1, 1, in: 1, 2) { $0.changes(groups: [1], members: [1], deltas: [1, 1]) },
    mismatch(1, 2, in: 1, 1) { $0.changes(groups: [1], members: [5], deltas: [1]) },
    mismatch(0, 0, in: 0, 1) { $0.changes(groups: [], members: [], deltas: [1]) },
    mismatch(0, 1, in: 1, 1) { $0.changes(groups: [], members: [1], deltas: [1]) },
    mismatch(1, 2, in: 2, 2) { $0.changes(groups: [1], members: [1, 1], deltas: [1, 1]) },
    mismatch(2, 1, in: 1, 1) { $0.changes(groups: [3], members: [1], deltas: [1]) },
    mismatch(1, 0, in: 1, 0) { $0.changes(groups: [1], members: [0], deltas: []) },
    Case("2 double_indexes but 1 doubles") { $0.doubles(at: [0, 1], [1]) },
    Case("double_indexes does not ascend at position 1") { $0.doubles(at: [1, 1], [1, 2]) },
    Case("4 changes in a stream that has described 3 series") {
      $0.changes(groups: [1], members: [15], deltas: [1, 1, 1, 1])
    },
    Case("gone does not ascend at position 1") { $0.gone([1, 1]) },
    Case("gone does not ascend at position 1") { $0.gone([2, 0]) },
    Case("series 3 of a stream that has described 3 series") { $0.gone([0, 3]) },
    Case("series 0 is both changed and gone") {
      $0.changes([0: 1])
      $0.gone([0])
    },
    Case("\"9a\" is not a metric name: [a-zA-Z_:][a-zA-Z0-9_:]*") { $0.integer("9a") },
    Case("\"\" is not a metric name: [a-zA-Z_:][a-zA-Z0-9_:]*") { $0.integer("") },
    Case("\"tür\" is not a metric name: [a-zA-Z_:][a-zA-Z0-9_:]*") { $0.integer("tür") },
    Case("\"a:b\" of x is not a label name: [a-zA-Z_][a-zA-Z0-9_]*") {
      $0.integer("x", labels: [("a:b", "")])
    },
    Case("label __name__ of x: names with __ are reserved") { $0.integer("x", labels: [("__name__", "y")]) },
    Case("label cpu of x comes twice") { $0.integer("x", labels: [("cpu", "0"), ("cpu", "1")]) },
    Case("labels of a series has 33 entries; 32 are allowed") {
      $0.integer("x", labels: (0..<33).map { ("l\($0)", "") })
    },
    Case("metric name has 257 bytes; 256 are allowed") { $0.integer(String(repeating: "x", count: 257)) },
    Case("label value has 1025 bytes; 1024 are allowed") {
      $0.integer("x", labels: [("a", String(repeating: "x", count: 1025))])
    },
    Case("value type 2 is not known here") { $0.series("x", type: 2) },
    Case("series 3 is not described as integer") {
      $0.double("x")
      $0.changes([3: 1])
    },
    Case("a frame without a sequence; the first of an epoch has sequence 1") { $0.varint(2, 0) },
  ]

  @Test(arguments: invalid)
  func isRefusedAndTheDecoderIsAsItWas(_ bad: Case) throws {
    let decoder = try Self.begun()
    #expect(status { try decoder.see(bad.frame) } == Status(.invalidArgument, bad.testDescription))
    #expect(decoder.state == [10, Int64(bitPattern: 1.5.bitPattern), nil])
    #expect(decoder.descriptors.map(\.name) == ["a", "b", "c"])
    #expect(decoder.presentSeries == 2)

    let good = RawMessage.frame(3) {
      $0.integer("d")
      $0.changes([0: 1, 2: 0, 3: 7])
      $0.gone([1])
    }
    #expect(try decoder.see(good).changes.map(\.raw) == [11, 0, 7])
    #expect(decoder.state == [11, nil, 0, 7])
  }

  @Test func theDictionaryHasALimit() throws {
    let decoder = try Self.begun()
    try decoder.see(RawMessage.frame(2) { $0.integer("d") })
    let tooMany = RawMessage.frame(3) {
      $0.integer("e")
      $0.integer("f")
    }
    #expect(
      status { try decoder.see(tooMany) }
        == Status(.resourceExhausted, "6 series on one stream; 5 are allowed"))
    try decoder.see(RawMessage.frame(3) { $0.integer("e") })
    #expect(decoder.descriptors.count == 5)
  }

  @Test func theFirstFrameSaysWhoIsSpeaking() {
    let decoder = FrameDecoder()
    #expect(
      status { try decoder.see(RawMessage.frame { $0.integer("a") }) }
        == Status(.invalidArgument, "the first frame of a stream has no opening that says who is speaking"))
    #expect(status { try decoder.see(RawMessage.frame { $0.opening() }) } == nil)
  }

  @Test func multiplierAndDivisorOfZeroStandForOne() throws {
    let decoder = try Self.begun()
    #expect(decoder.descriptors[0].divisor == 1)
    #expect(decoder.descriptors[0].multiplier == 1)
    #expect(decoder.descriptors[0].value(ofRaw: 10) == 10)
  }

  @Test func theShortestNamesAllowedDoNotExceedTheMemoryOfAFrame() throws {
    let names = "abcdefghijklmnopqrstuvwxyz".flatMap { a in
      (0...9).flatMap { b in (0...9).map { "\(a)\(b)\($0)" } }
    }
    let frame = RawMessage.frame { frame in
      frame.opening()
      for name in names { frame.integer(String(name)) }
    }
    try FrameDecoder().see(frame)
  }

  @Test func cutOrMutatedFramesAreReadOrRefusedButNeverTrap() throws {
    var host = TestHost()
    for index in 0..<50 {
      host.add("node_metric_\(index)", type: index % 5 == 0 ? .double : .integer, Int64(index))
    }
    let first = host.frame(opening: opening)
    for index in stride(from: 0, to: 50, by: 3) { host.values[index] += 1 << index }
    host.present[7] = false
    let second = host.frame()
    var random = SeededGenerator(seed: 2)
    for frame in [first, second] {
      for length in frame.indices { tryBoth(Array(frame[..<length]), after: first) }
      for _ in 0..<3000 {
        var bytes = frame
        for _ in 0..<Int.random(in: 1...3, using: &random) {
          bytes[Int.random(in: bytes.indices, using: &random)] = .random(in: .min ... .max, using: &random)
        }
        tryBoth(bytes, after: first)
      }
    }
  }

  /// As the first frame of a stream, and as the second; then the stream must still be sound.
  private func tryBoth(_ bytes: [UInt8], after first: [UInt8]) {
    _ = try? FrameDecoder().see(bytes)
    let decoder = FrameDecoder()
    _ = try? decoder.see(first)
    let before = decoder.state
    if (try? decoder.see(bytes)) == nil { #expect(decoder.state == before) }
    #expect(decoder.presentSeries == decoder.state.count { $0 != nil })
  }
}
