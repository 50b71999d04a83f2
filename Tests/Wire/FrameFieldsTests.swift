import CProtobufC
import GRPC
import Testing

@testable import Wire

/// `FrameFields` beside protobuf-c: what one takes for a frame, and what it finds in it, so does the other.
@Suite struct FrameFieldsTests {
  /// What is found in a frame; nil: it is none.
  struct Content: Equatable {
    var numbers: [UInt64]
    var isLocal: Bool
    var hasOpening: Bool
    var newSeries: Int
    var blocks: [[UInt8]]
    var deltas: [Int64]
    var doubleIndexes: [UInt32]
    var doubles: [UInt64]
    var gone: [UInt32]
  }

  private static func byHand(_ bytes: [UInt8]) -> Content? {
    bytes.withUnsafeBytes { bytes in
      var pieces: Arena?
      guard let frame = try? FrameFields(bytes, joiningIn: &pieces) else { return nil }
      defer { withExtendedLifetime(pieces) {} }
      guard let deltas = varints(frame.deltas), let indexes = varints(frame.doubleIndexes),
        let gone = varints(frame.gone)
      else { return nil }
      var doubles = ProtobufScanner(frame.doubles.bytes)
      return Content(
        numbers: [
          frame.sequence, UInt64(bitPattern: frame.wallTimeMicroseconds), frame.monotonicMicroseconds,
        ], isLocal: frame.configIsLocal, hasOpening: frame.opening != nil, newSeries: frame.newSeriesCount,
        blocks: [frame.changedGroups, frame.changedMembers, frame.configSHA256].map { Array($0) },
        deltas: deltas.map { Int64(bitPattern: $0 >> 1) ^ -Int64(bitPattern: $0 & 1) },
        doubleIndexes: indexes.map { UInt32(truncatingIfNeeded: $0) },
        doubles: (0..<frame.doubles.count).compactMap { _ in
          doubles.bytes(8)?.loadUnaligned(as: UInt64.self)
        },
        gone: gone.map { UInt32(truncatingIfNeeded: $0) })
    }
  }

  private static func varints(_ column: PackedColumn) -> [UInt64]? {
    var scanner = ProtobufScanner(column.bytes)
    var values: [UInt64] = []
    while !scanner.isAtEnd {
      guard let value = scanner.varint() else { return nil }
      values.append(value)
    }
    #expect(values.count == column.count)
    return values
  }

  private static func byProtobufC(_ bytes: [UInt8]) -> Content? {
    let arena = Arena()
    return bytes.withUnsafeBytes { bytes in
      var empty = Muster__V1__MetricsFrame()
      muster__v1__metrics_frame__init(&empty)
      guard case .message(let message) = arena.unpack(empty.base.descriptor, bytes) else { return nil }
      let frame = UnsafeRawPointer(message).assumingMemoryBound(to: Muster__V1__MetricsFrame.self).pointee
      func list<T>(_ start: UnsafeMutablePointer<T>?, _ count: Int) -> [T] {
        Array(UnsafeBufferPointer(start: start, count: count))
      }
      return Content(
        numbers: [frame.sequence, UInt64(bitPattern: frame.wall_time_us), frame.monotonic_time_us],
        isLocal: frame.config_is_local != 0, hasOpening: frame.opening != nil,
        newSeries: frame.n_new_series,
        blocks: [frame.changed_groups, frame.changed_members, frame.config_sha256].map {
          list($0.data, $0.len)
        },
        deltas: list(frame.deltas, frame.n_deltas),
        doubleIndexes: list(frame.double_indexes, frame.n_double_indexes),
        doubles: list(frame.doubles, frame.n_doubles).map(\.bitPattern), gone: list(frame.gone, frame.n_gone))
    }
  }

  static let odd: [RawMessage] = [
    RawMessage { _ in },
    // Elements one by one, blocks in pieces, and both.
    RawMessage {
      $0.varint(8, 3)
      $0.varint(8, 300)
      $0.zigzag(8, [1, -1, .max, .min])
      $0.zigzag(8, [])
      $0.packed(11, [1, 2])
      $0.varint(11, 9)
    },
    RawMessage {
      $0.double(10, 1.5)
      $0.doubles(10, [.nan, -0.0])
      $0.packed(9, [0, 1 << 32 | 7])
    },
    // The last one counts; what is unknown is skipped.
    RawMessage {
      $0.varint(2, 1)
      $0.varint(2, .max)
      $0.bytes(6, [1, 2])
      $0.bytes(6, [3])
      $0.varint(13, 2)
      $0.varint(99, 1)
      $0.double(98, 1)
      $0.text(97, "?")
      $0.text(1 << 28, "!")
    },
    // Written as they are not described.
    RawMessage { $0.double(2, 1) },
    RawMessage { $0.varint(6, 1) },
    RawMessage { $0.double(8, 1) },
    RawMessage { $0.varint(10, 1) },
    RawMessage { $0.bytes(10, [1, 2, 3]) },
    RawMessage { $0.bytes(8, [0x80]) },
    RawMessage {
      $0.bytes(8, [1, 0x80])
      $0.bytes(8, [1])
    },
    RawMessage {
      $0.bytes(10, [1, 2, 3, 4])
      $0.bytes(10, [5, 6, 7, 8])
    },
    RawMessage { $0.bytes(8, [UInt8](repeating: 0xff, count: 10) + [1]) },
    RawMessage { $0.bytes(8, [UInt8](repeating: 0xff, count: 9) + [0x7f]) },
    RawMessage { $0.varint(1, 0) },
    RawMessage { $0.varint(5, 0) },
  ]

  @Test(arguments: odd)
  func oddFramesAreReadAsProtobufDoes(_ frame: RawMessage) {
    #expect(Self.byHand(frame.bytes) == Self.byProtobufC(frame.bytes))
  }

  @Test func mutatedFramesAreReadAsProtobufDoes() {
    var host = TestHost()
    for index in 0..<40 {
      host.add("node_metric_\(index)", type: index % 5 == 0 ? .double : .integer, Int64(index))
    }
    let first = host.frame()
    for index in stride(from: 0, to: 40, by: 3) { host.values[index] += 1 << index }
    host.present[7] = false
    var seeds = [first, host.frame()] + Self.odd.map(\.bytes)
    // Without the dictionary, whose names are not this test's.
    seeds.removeFirst()
    var random = SeededGenerator(seed: 7)
    var read = 0
    for round in 0..<60_000 {
      var bytes = seeds[round % seeds.count]
      for _ in 0..<Int.random(in: 1...3, using: &random) where !bytes.isEmpty {
        let place = Int.random(in: bytes.indices, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes.remove(at: place)
        case 1: bytes.insert(.random(in: .min ... .max, using: &random), at: place)
        case 2: bytes += seeds.randomElement(using: &random)!.prefix(20)
        default: bytes[place] = .random(in: .min ... .max, using: &random)
        }
      }
      let expected = Self.byProtobufC(bytes)
      guard !Self.isReadOtherwise(bytes) else { continue }
      #expect(Self.byHand(bytes) == expected, "\(bytes)")
      if expected != nil { read += 1 }
    }
    #expect(read > 5000)
  }

  /// Messages within a frame are looked at when they are read, and a second opening is refused. protobuf-c takes a bool
  /// however it is written, and a field of number 0 if that takes two bytes.
  private static func isReadOtherwise(_ bytes: [UInt8]) -> Bool {
    bytes.withUnsafeBytes { bytes in
      var scanner = ProtobufScanner(bytes)
      while !scanner.isAtEnd {
        guard let (field, content) = scanner.key() else { return true }
        if [1, 5, 14].contains(field) || field == 13 && content != .varint { return true }
        if scanner.content(content) == nil { return false }
      }
      return false
    }
  }
}
