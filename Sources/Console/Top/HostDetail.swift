import Wire

/// One open host: its series as `Tail` sends them, with the frame before the last kept so that
/// counters can be shown as rates.
struct HostDetail: Sendable {
  /// What was asked for: everything the view shows, and nothing more.
  static let pattern = "node_*"
  /// How often an open host is to sample, at least.
  static let raisedIntervalMilliseconds: UInt32 = 1_000
  /// More series than this of one host are not kept for the view.
  static let seriesLimit = 100_000

  struct Series: Sendable {
    let name: String
    let labels: [Label]
    var value = Double.nan
    var previous = Double.nan
    /// The change since the frame before, NaN where either is missing.
    var change: Double { value - previous }
  }

  let hostID: String
  let instance: String
  private(set) var series: [Series] = []
  private var indexes: [String: [Int]] = [:]
  private(set) var timeMicroseconds: Int64 = 0
  private var previousTimeMicroseconds: Int64 = 0
  private(set) var skippedFrames: UInt64 = 0
  /// What uses most there, as its collector said last.
  private(set) var processes: ProcessList?
  /// How often the host sampled when it was opened, milliseconds.
  let intervalBefore: UInt32

  init(hostID: String, instance: String, intervalMilliseconds: UInt32 = 0) {
    self.hostID = hostID
    self.instance = instance
    intervalBefore = intervalMilliseconds
  }

  /// Seconds between the last two frames; NaN before there were two.
  var interval: Double {
    guard previousTimeMicroseconds > 0, timeMicroseconds > previousTimeMicroseconds else { return .nan }
    return Double(timeMicroseconds - previousTimeMicroseconds) / 1e6
  }

  mutating func apply(_ update: TailUpdate) {
    guard update.hostID == hostID else { return }
    for described in update.newSeries where series.count < Self.seriesLimit {
      indexes[described.name, default: []].append(series.count)
      series.append(Series(name: described.name, labels: described.labels))
    }
    for frame in update.frames { apply(frame) }
    skippedFrames += update.skippedFrames
  }

  mutating func apply(_ processes: HostProcesses) {
    if processes.hostID == hostID { self.processes = processes.processes }
  }

  private mutating func apply(_ frame: TailFrame) {
    previousTimeMicroseconds = timeMicroseconds
    timeMicroseconds = frame.timeMicroseconds
    for index in series.indices {
      series[index].previous = series[index].value
      series[index].value = .nan
    }
    for (index, value) in zip(frame.series, frame.values) where Int(index) < series.count {
      series[Int(index)].value = value
    }
  }

  // MARK: Reading

  /// The value of a metric without labels that matter; NaN if it is not there.
  func value(_ name: String) -> Double {
    indexes[name]?.lazy.map { series[$0].value }.first { $0.isFinite } ?? .nan
  }

  /// A counter's change per second.
  func rate(_ name: String) -> Double {
    guard let index = indexes[name]?.first else { return .nan }
    return series[index].change / interval
  }

  /// The series of a metric that are there now, by one label's value, in the order they came.
  func rows(_ name: String, by label: String) -> [(key: String, series: Series)] {
    (indexes[name] ?? []).compactMap { index in
      let found = series[index]
      guard found.value.isFinite, let key = found.labels.first(where: { $0.name == label }) else {
        return nil
      }
      return (key.value, found)
    }
  }

  /// A counter's change per second by one label's value; series that share it are added up.
  func rates(_ name: String, by label: String) -> [String: Double] {
    let seconds = interval
    return rows(name, by: label).reduce(into: [:]) { sums, row in
      sums[row.key, default: 0] += row.series.change / seconds
    }
  }
}
