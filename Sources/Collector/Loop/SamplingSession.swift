import GRPC
import Logging
import ProcFS
import Sampling
import Selection
import Wire

/// Sampling as it is set up now: what is read and how often, the series it has given, and the frames and the
/// recorder's entries that are made of it.
final class SamplingSession {
  let sampler: Sampler
  let recorder: Recorder
  private(set) var cadence: Cadence
  /// How long passes took, all together.
  private(set) var sampleMicroseconds: Int64 = 0
  /// What self-metrics tell, asked for in each pass.
  var facts: () -> SelfMetrics.Facts = { SelfMetrics.Facts() }
  /// Whether whoever keeps frames can keep what so many series were called, beside what they will be called.
  var canEndDictionary: (_ series: Int) -> Bool = { _ in true }

  private let log: SamplingLog
  private var table = SampleTable()
  private var selfMetrics: SelfMetrics
  private var encoder = FrameEncoder()
  private var news = ProcessNews()
  /// Of the newest table of processes: its number, and what of it goes into the next frame.
  private var processes: (number: Int, unsaid: ProcessList?) = (0, nil)
  private var buffer: [UInt8] = []
  /// How often the collector has connected.
  private var connections: UInt64 = 0
  private var compaction: TableCompaction
  private var compactions = CompactionCounts()
  /// When the table was filled last.
  private var readAt: Moment?
  /// How often the collector tells about itself, where samples are taken more often: every second. That costs as much
  /// as `/proc/stat`.
  private static let selfMetricsMicroseconds: Int64 = 1_000_000
  /// Which multiple of that it told in last.
  private var selfMetricsMultiple: Int64?

  init(sampler: Sampler, recorder: Recorder, interval: Duration, at now: ScheduleClocks, logger: Logger) {
    self.sampler = sampler
    self.recorder = recorder
    selfMetrics = SelfMetrics(registeringIn: &table)
    cadence = Cadence(interval: interval, at: now)
    compaction = TableCompaction(at: Instant(nanoseconds: now.bootMicroseconds * 1000))
    log = SamplingLog(logger: logger)
  }

  var descriptors: [SeriesDescriptor] { table.descriptors }

  /// Series in the table, how many it takes, and how many were refused.
  var seriesStanding: SeriesStanding {
    SeriesStanding(count: table.count, maximum: table.maximumSeries, refused: table.refused)
  }

  /// How the sources are doing, with their series of the last pass.
  var sourceStatuses: [SourceStatus] { sampler.statuses(countingIn: table) }

  /// The timer fired.
  func wake(at now: Moment, clocks: ScheduleClocks) -> Cadence.Wake {
    let wake = cadence.wake(at: clocks)
    log.write(wake.frame)
    if wake.isRecorderDue {
      read(at: now)
      recorder.record(table, at: now)
    }
    return wake
  }

  /// A sample as a frame. One that was just taken for the recorder is not taken again.
  func frame(_ sequence: UInt64, config: [UInt8], at now: Moment) -> SampledFrame {
    read(at: now)
    let ended = now.instant >= compaction.nextLook ? compactIfDue(at: now) : nil
    buffer.removeFrame()
    encoder.encode(
      sequence: sequence, wallTimeMicroseconds: now.wallMicroseconds,
      monotonicMicroseconds: UInt64(clamping: now.instant.nanoseconds / 1000),
      descriptors: table.descriptors, values: table.values, present: table.present, config: config,
      processes: processes.unsaid.map { news.saying($0, onConnection: connections) }, into: &buffer)
    processes.unsaid = nil
    return SampledFrame(bytes: buffer, endedDictionary: ended)
  }

  /// Makes the table anew without the series that are gone, if that is worth it. Returns what frames have described
  /// until now, if they describe everything anew from the next one on.
  private func compactIfDue(at now: Moment) -> [SeriesDescriptor]? {
    let isFull = table.count >= table.maximumSeries - table.maximumSeries / 8
    let standing = TableCompaction.Standing(
      count: table.count, gone: table.goneCount, isWanting: isFull || sampler.lacksRows)
    guard compaction.isDue(standing, at: now.instant) else { return nil }
    guard canEndDictionary(table.count) else {
      compactions.postponed += 1
      return nil
    }
    let ended = table.descriptors
    let forgotten = table.compact()
    sampler.forgetSeries()
    encoder = FrameEncoder()
    recorder.seriesForgotten()
    compaction.compacted(at: now.instant)
    compactions.done += 1
    compactions.series += Int64(forgotten)
    log.write(compacted: table.count, forgotten: forgotten)
    return ended
  }

  func apply(_ settings: SamplingSettings) {
    sampler.apply(settings, to: &table)
    readAt = nil
  }

  func sampleEvery(_ interval: Duration, at clocks: ScheduleClocks) {
    cadence.change(interval: interval, at: clocks)
  }

  func record(_ isOn: Bool, at clocks: ScheduleClocks) {
    cadence.record(isOn, at: clocks)
    recorder.isOn = isOn
  }

  /// The next frame is the first of an epoch: it describes everything anew.
  func beginEpoch() { encoder = FrameEncoder() }

  /// Resident bytes of this process.
  var residentBytes: Int? { selfMetrics.residentBytes() }

  /// The values of the last pass that a pattern means.
  func values(of pattern: MetricPattern) -> CommandSamples {
    let present = table.present
    let values = table.values
    var samples: [CommandSample] = []
    for (id, series) in table.descriptors.enumerated() where present[id] {
      guard pattern.matches(series.name) else { continue }
      samples.append(
        CommandSample(name: series.name, labels: series.labels, value: series.value(ofRaw: values[id])))
    }
    return CommandSamples(timeMicroseconds: readAt?.wallMicroseconds ?? 0, samples: samples)
  }

  /// Reads everything that is due, once per moment.
  private func read(at now: Moment) {
    guard readAt != now else { return }
    readAt = now
    let multiple = now.wallMicroseconds / Self.selfMetricsMicroseconds
    let isSelfDue = multiple != selfMetricsMultiple
    sampler.sample(into: &table, atWall: now.wallMicroseconds, keepingOwners: !isSelfDue)
    if isSelfDue {
      selfMetricsMultiple = multiple
      var facts = facts()
      facts.compactions = compactions
      connections = facts.uplink.connections
      selfMetrics.sample(facts, into: &table)
    }
    takeProcesses(at: now)
    log.write(sampler)
    log.write(refusedSeries: table.refused, of: table.maximumSeries)
    sampleMicroseconds += (Clocks.reading().instant - now.instant).saturatedMicroseconds
  }

  private func takeProcesses(at now: Moment) {
    guard let table = sampler.processes, table.number != processes.number else { return }
    let list = table.list(at: now, clock: Clocks.awakeNanoseconds())
    processes = (table.number, list)
    recorder.record(list)
  }
}
