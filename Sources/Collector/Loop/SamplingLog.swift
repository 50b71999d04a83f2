import Logging
import Sampling
import Settings

/// What happens to sampling, in single lines: each change once, not each sample.
final class SamplingLog {
  private let logger: Logger
  private var availability: [String: String] = [:]
  private var seenChanges = 0
  private var stuckMounts: Set<String> = []
  private var isRefusalSaid = false

  init(logger: Logger) { self.logger = logger }

  /// Clock steps, suspends and lateness.
  func write(_ wake: Schedule.Wake) {
    if wake.clockStepMicroseconds != 0 {
      logger.notice("the wall clock was set", metadata: ["by": "\(seconds(wake.clockStepMicroseconds))"])
    }
    if wake.suspendedMicroseconds != 0 {
      logger.notice(
        "the machine was suspended", metadata: ["for": "\(seconds(wake.suspendedMicroseconds))"])
    }
    if wake.lateSlots > 0 {
      logger.debug("woke too late; samples were skipped", metadata: ["skipped": "\(wake.lateSlots)"])
    }
  }

  /// Sources that came or went since the last time, and mounts that no longer answer.
  func write(_ sampler: Sampler) {
    if sampler.availabilityChanges != seenChanges {
      seenChanges = sampler.availabilityChanges
      write(sampler.statuses)
    }
    let stuck = sampler.stuckMounts
    guard !stuck.isEmpty || !stuckMounts.isEmpty else { return }
    let points = Set(stuck.map(\.point))
    for point in points.subtracting(stuckMounts).sorted() {
      logger.warning("a file system does not answer; it is left out", metadata: ["mount_point": "\(point)"])
    }
    for point in stuckMounts.subtracting(points).sorted() {
      logger.notice("a file system answers again", metadata: ["mount_point": "\(point)"])
    }
    stuckMounts = points
  }

  /// Series that were refused, once: from then on `muster_collector_series_refused_total` tells.
  func write(refusedSeries count: Int, of maximum: Int) {
    guard count > 0, !isRefusalSaid else { return }
    isRefusalSaid = true
    logger.warning(
      "series are left out: too many for one host, or not valid, or another source's already",
      metadata: ["refused": "\(count)", "limit": "\(maximum)"])
  }

  /// The table was compacted.
  func write(compacted count: Int, forgotten: Int) {
    logger.info(
      "series that are gone were forgotten", metadata: ["forgotten": "\(forgotten)", "series": "\(count)"])
  }

  /// What the kernel does not offer is no news.
  private func write(_ sources: [SourceStatus]) {
    for source in sources {
      let word = source.availability.word
      guard availability.updateValue(word, forKey: source.name) ?? "ok" != word else { continue }
      switch source.availability {
      case .ok: logger.notice("source \(source.name) works again")
      case .unsupported(let error): logger.debug("source \(source.name): \(error)")
      case .denied(let error), .failing(let error): logger.warning("source \(source.name): \(error)")
      }
    }
  }

  private func seconds(_ microseconds: Int64) -> String {
    let milliseconds = microseconds.magnitude / 1000
    let fraction = String(milliseconds % 1000 + 1000).dropFirst()
    return "\(microseconds < 0 ? "-" : "")\(milliseconds / 1000).\(fraction)s"
  }
}
