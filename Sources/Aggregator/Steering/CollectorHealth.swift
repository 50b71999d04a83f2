import GRPC
import Steering
import TimeSeries
import Wire

/// What collectors cost and lack, read from their own metrics in the hot tier, for the gates of rollouts.
///
/// Where a host's metrics lie in its series table is found once and remembered. The CPU of a host is computed anew
/// only when it has sent frames for `refresh` since.
final class CollectorHealth {
  /// CPU is measured over so much of the past, or two intervals of the host if that is longer.
  static let window = Duration.seconds(20)
  /// Over less than this nothing is said about CPU.
  static let shortestWindow = Duration.seconds(5)
  /// How old a measurement of CPU may become, in the host's time.
  static let refresh = Duration.seconds(2)
  /// Sources of one host that are looked at.
  static let maximumSources = 64

  private let fleet: Fleet
  private var known: [String: Known] = [:]

  init(_ fleet: Fleet) {
    self.fleet = fleet
  }

  /// What is known of a host's collector now; `nil`: the host is unknown, or has sent nothing.
  func reading(of hostID: String) -> HostHealth? {
    guard let host = fleet.host(id: hostID) else { return nil }
    // Taken out and put back, so that the arrays in it are not copied.
    var known = self.known.removeValue(forKey: hostID) ?? Known()
    defer { self.known[hostID] = known }
    return host.withRecord { record in
      guard record.store.newestTime != nil else { return nil }
      known.look(at: record.series)
      return HostHealth(
        cpuRatio: known.cpuRatio(in: record), residentBytes: known.residentBytes(in: record),
        failingSources: known.failingSources(in: record))
    }
  }

  /// Nobody will ask for a while.
  func forgetAll() {
    known.removeAll()
  }
}

/// Where one host's own metrics are.
private struct Known {
  private var seriesSeen = 0
  private var revisionSeen = 0
  /// More than one if the series was described anew.
  private var cpu: [Int] = []
  private var resident: [Int] = []
  private var sources: [Int] = []
  /// The last measurement, and the time of the frame it ended with.
  private var measured: (time: Int64, ratio: Double?)?

  mutating func look(at series: SeriesTable) {
    if series.revision != revisionSeen {
      // An index may be another's by now.
      (revisionSeen, seriesSeen) = (series.revision, 0)
      (cpu, resident, sources) = ([], [], [])
    }
    while seriesSeen < series.count {
      switch series.shared(at: seriesSeen)?.descriptor.name {
      case "muster_collector_cpu_seconds_total": cpu.append(seriesSeen)
      case "muster_collector_resident_bytes": resident.append(seriesSeen)
      case "muster_collector_source_up" where sources.count < CollectorHealth.maximumSources:
        sources.append(seriesSeen)
      default: break
      }
      seriesSeen += 1
    }
  }

  mutating func cpuRatio(in record: borrowing HostRecord) -> Double? {
    guard let newest = record.store.newestTime else { return nil }
    let refresh = CollectorHealth.refresh.saturatedMicroseconds
    if let measured, newest &- measured.time < refresh, newest >= measured.time { return measured.ratio }
    let ratio = measureCPU(in: record, endingAt: newest)
    measured = (newest, ratio)
    return ratio
  }

  func residentBytes(in record: borrowing HostRecord) -> Double? {
    guard let index = resident.last(where: { record.store.latest($0) != nil }),
      let raw = record.store.latest(index)
    else { return nil }
    return record.series[index].value(ofRaw: raw)
  }

  func failingSources(in record: borrowing HostRecord) -> Int? {
    let states = sources.compactMap { record.store.latest($0) }
    return states.isEmpty ? nil : states.count { $0 == 0 }
  }

  private func measureCPU(in record: borrowing HostRecord, endingAt newest: Int64) -> Double? {
    guard let index = cpu.last(where: { record.store.latest($0) != nil }) else { return nil }
    let window = max(CollectorHealth.window, record.presence.interval * 2).saturatedMicroseconds
    var first: (time: Int64, raw: Int64)?
    var last: (time: Int64, raw: Int64)?
    record.store.samples(of: index, from: newest &- window, through: newest) { time, raw in
      // A counter that fell is another run of the collector: it is measured from there.
      if first == nil || raw < last?.raw ?? raw { first = (time, raw) }
      last = (time, raw)
    }
    guard let first, let last else { return nil }
    let microseconds = last.time &- first.time
    guard microseconds >= CollectorHealth.shortestWindow.saturatedMicroseconds else { return nil }
    let series = record.series[index]
    return (series.value(ofRaw: last.raw) - series.value(ofRaw: first.raw)) / (Double(microseconds) / 1e6)
  }
}
