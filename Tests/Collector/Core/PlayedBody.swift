import GRPC
import Wire

@testable import Collector

/// A host that a core can be tried on: one series, a disk in memory.
final class PlayedBody: CollectorBody {
  weak var core: CollectorCore?
  let descriptors = [SeriesDescriptor("test_total", kind: .counter)]
  /// What happened, in order.
  private(set) var done: [String] = []
  private(set) var settings: EffectiveSettings?
  private(set) var interval: Duration?
  var disk: String?
  var failsToApply = false
  var failsToRenew = false
  /// Answers `reload`.
  var reloads = CollectorSettings()
  private var encoder = FrameEncoder()
  private var value: Int64 = 0

  func take() -> [String] {
    defer { done = [] }
    return done
  }

  func frame(_ sequence: UInt64, config: [UInt8], at now: Moment) -> SampledFrame {
    value += 1
    var frame: [UInt8] = []
    withUnsafeTemporaryAllocation(of: Int64.self, capacity: 1) { values in
      withUnsafeTemporaryAllocation(of: Bool.self, capacity: 1) { present in
        values[0] = value
        present[0] = true
        encoder.encode(
          sequence: sequence, wallTimeMicroseconds: now.wallMicroseconds,
          monotonicMicroseconds: UInt64(now.instant.nanoseconds / 1000), descriptors: descriptors,
          values: UnsafeBufferPointer(values), present: UnsafeBufferPointer(present), config: config,
          into: &frame)
      }
    }
    return SampledFrame(bytes: frame)
  }

  func apply(_ settings: EffectiveSettings, at now: Moment) throws(BodyFailure) {
    if failsToApply {
      failsToApply = false
      throw BodyFailure("no room")
    }
    self.settings = settings
    done.append("apply")
  }

  func sampleEvery(_ interval: Duration, at now: Moment) {
    self.interval = interval
    done.append("every \(interval)")
  }

  func persist(_ record: String) throws(BodyFailure) {
    disk = record
    done.append("persist")
  }

  func makeIdentity(at now: Moment) throws(BodyFailure) -> (identity: Identity, machine: [UInt8]) {
    if failsToRenew {
      failsToRenew = false
      throw BodyFailure("the disk is full")
    }
    encoder = FrameEncoder()
    done.append("new identity")
    return (Identity(hostID: String(repeating: "b", count: 32), bootID: "b", epoch: 8), [])
  }

  func perform(_ effect: Effect, for id: String, at now: Moment) {
    switch effect {
    case .sampleNow:
      core?.sample(at: now)
      core?.finish(id, .ok, output: [.samples(CommandSamples())], at: now)
    case .reload:
      core?.reloaded(reloads, at: now)
      core?.finish(id, .ok, at: now)
    default:
      done.append("perform \(effect)")
      core?.finish(id, .ok, at: now)
    }
  }
}
