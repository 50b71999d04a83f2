import GRPC

@testable import Wire

/// SplitMix64: the same numbers from the same seed, everywhere.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }

  mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &self) < percent }
}

let hostID = "0123456789abcdef0123456789abcdef"
let bootID = "6f3c1f0e-1b5a-4d0e-9a51-0c2f6d0e8a11"
let opening = StreamOpening(
  hostID: hostID, bootID: bootID, epoch: 7, instance: "web-1", labels: [Label("env", "prod")])

extension [UInt8] {
  /// 32 bytes that pass for a SHA-256.
  static func sha256(_ first: UInt8) -> [UInt8] { (0..<32).map { first &+ $0 } }
}

func decode<M: WireMessage>(_ type: M.Type, _ bytes: [UInt8]) throws(Status) -> M {
  do { return try bytes.withUnsafeBytes { try M(decoding: $0) } } catch { throw error as! Status }
}

func encoded(_ message: some WireMessage) -> [UInt8] {
  var bytes: [UInt8] = []
  message.encode(into: &bytes)
  return bytes
}

/// The status that something throws; nil if it does not throw.
func status(_ body: () throws -> Void) -> Status? {
  do {
    try body()
    return nil
  } catch {
    return error as? Status
  }
}

/// What a decoded frame said, to be kept.
struct Seen: Equatable {
  var sequence: UInt64
  var changes: [DecodedFrame.Change]
  var gone: [UInt32]
  var newSeries: Int
  var isOpening: Bool
  var config: [UInt8]?
}

extension FrameDecoder {
  @discardableResult
  func see(_ bytes: [UInt8]) throws -> Seen {
    try bytes.withUnsafeBytes { bytes in
      try decode(bytes) { frame in
        Seen(
          sequence: frame.sequence, changes: Array(frame.changes), gone: Array(frame.gone),
          newSeries: frame.newSeries.count, isOpening: frame.opening != nil,
          config: frame.configSHA256)
      }
    }
  }

  /// Every described series, as it is now.
  var state: [Int64?] { descriptors.indices.map { rawValue(at: $0) } }
}

/// A host whose series appear, change, vanish and come back, and its encoder.
struct TestHost {
  var descriptors: [SeriesDescriptor] = []
  var values: [Int64] = []
  var present: [Bool] = []
  var encoder = FrameEncoder()
  var sequence: UInt64 = 0
  /// SHA-256 of the config in force; empty: none.
  var config: [UInt8] = []
  private(set) var last: FrameStatistics?

  mutating func add(_ name: String, type: ValueType = .integer, _ raw: Int64? = nil) {
    descriptors.append(SeriesDescriptor(name, kind: .gauge, type: type))
    values.append(raw ?? 0)
    present.append(raw != nil)
  }

  mutating func frame(opening: StreamOpening? = nil) -> [UInt8] {
    sequence += 1
    var bytes: [UInt8] = []
    last = values.withUnsafeBufferPointer { values in
      present.withUnsafeBufferPointer { present in
        encoder.encode(
          sequence: sequence, wallTimeMicroseconds: 1_760_000_000_000_000 + Int64(sequence) * 1_000_000,
          monotonicMicroseconds: 86_400_000_000 + sequence * 1_000_000, descriptors: descriptors,
          values: values, present: present, config: config, opening: opening, into: &bytes)
      }
    }
    return bytes
  }

  /// Every described series, as it is now.
  var state: [Int64?] { values.indices.map { present[$0] ? values[$0] : nil } }
}
