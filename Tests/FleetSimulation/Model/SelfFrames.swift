import GRPC
import Wire

/// A collector's frames, with nothing in them but what it says of itself, and the hash of the config in force.
struct SelfFrames {
  static let descriptors = [
    SeriesDescriptor(
      "muster_collector_cpu_seconds_total", kind: .counter, unit: "seconds", divisor: 1_000_000),
    SeriesDescriptor("muster_collector_resident_bytes", kind: .gauge, unit: "bytes"),
    SeriesDescriptor("muster_collector_source_up", labels: [Label("source", "stat")], kind: .gauge),
  ]
  /// Of one CPU, as long as nothing is wrong.
  private static let cpuRatio = 0.002
  private static let residentBytes: Int64 = 14 << 20

  private var encoder = FrameEncoder()
  private var cpuMicroseconds = 0.0
  private var lastSample: Instant
  /// From which frame on which hash was stamped.
  private var stamps: [(from: UInt64, sha256: [UInt8])] = [(0, [])]

  init(at now: Moment) { lastSample = now.instant }

  /// The next frame describes everything anew, as after a compaction. Returns what those before it described.
  mutating func beginDictionary() -> [SeriesDescriptor] {
    encoder = FrameEncoder()
    return Self.descriptors
  }

  mutating func encode(_ sequence: UInt64, stamp: [UInt8], factor: Double, at now: Moment) -> [UInt8] {
    if let last = stamps.last, last.sha256 != stamp { stamps.append((sequence, stamp)) }
    let elapsed = Double((now.instant - lastSample).saturatedMicroseconds)
    cpuMicroseconds += elapsed * Self.cpuRatio * factor
    lastSample = now.instant
    var frame: [UInt8] = []
    let values = [Int64(cpuMicroseconds), Self.residentBytes, 1]
    let present = [true, true, true]
    values.withUnsafeBufferPointer { values in
      present.withUnsafeBufferPointer { present in
        _ = encoder.encode(
          sequence: sequence, wallTimeMicroseconds: now.wallMicroseconds,
          monotonicMicroseconds: UInt64(now.instant.nanoseconds / 1000), descriptors: Self.descriptors,
          values: values, present: present, config: stamp, into: &frame)
      }
    }
    return frame
  }

  /// What a frame was stamped with.
  func stamp(of sequence: UInt64) -> [UInt8] {
    stamps.last { $0.from <= sequence }?.sha256 ?? []
  }
}
