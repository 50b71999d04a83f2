// Recorder: what a host did in the last ten minutes, second by second, in a few hundred kilobytes of memory.
//
// It is a ring of packed frames, as the uplink's, with a stream of its own: sequences from 1, no opening until
// somebody asks. And once a minute it keeps the processes that used most. So it can be said afterwards what happened
// between two samples of the ordinary interval, and who did it.
//
// Steady state: a recorded second allocates nothing but what the ring does (a chunk of 256 KiB now and then).

import GRPC
import Sampling
import Wire

/// What the recorder keeps at most.
struct RecorderLimits: Hashable, Sendable {
  /// Frames: ten minutes of seconds.
  var maximumFrames = 600
  /// Their bytes. On a host of many series the last minutes fit, not ten.
  var maximumFrameBytes = 448 << 10
  /// Minutes with their processes, and bytes they take.
  var maximumMinutes = 10
  var maximumMinuteBytes = 64 << 10

  init() {}
}

/// The last ten minutes at 1 s. Lives on the loop, which calls `record` about once a second.
final class Recorder {
  /// A second may begin this early, because timers are not exact: 50 ms.
  private static let toleranceMicroseconds: Int64 = 50_000

  let limits: RecorderLimits
  /// Who is speaking; another after the host was given a new id.
  var opening: StreamOpening
  /// Off, it keeps nothing and costs nothing.
  var isOn: Bool {
    didSet { if isOn != oldValue { forgetAll() } }
  }
  /// The seconds.
  private(set) var frames: RecordedFrames
  /// The processes.
  private(set) var minutes: RecordedMinutes

  /// Of the wall clock.
  private var lastSecond: Int64?

  init(opening: StreamOpening, isOn: Bool = true, limits: RecorderLimits = RecorderLimits()) {
    self.opening = opening
    self.isOn = isOn
    self.limits = limits
    frames = RecordedFrames(limits: limits)
    minutes = RecordedMinutes(limits: limits)
  }

  /// Bytes of what is kept: never more than the limits of frames and minutes together.
  var byteCount: Int { frames.byteCount + minutes.byteCount }

  /// Whether there is no frame of the wall clock's present second yet: sample, and call `record`.
  func isDue(at now: Moment) -> Bool {
    isOn && second(of: now) != lastSecond
  }

  /// Keeps the table's values, if they are due. The table is one that only grows; `seriesForgotten` tells when
  /// it was compacted.
  func record(_ table: borrowing SampleTable, at now: Moment) {
    guard isDue(at: now) else { return }
    lastSecond = second(of: now)
    frames.record(table, at: now)
  }

  /// The table was compacted: ids mean other series now. What was recorded stays.
  func seriesForgotten() { frames.seriesForgotten() }

  /// Keeps what a look at the processes has found, one a minute.
  func record(_ list: ProcessList) {
    if isOn { minutes.record(list) }
  }

  /// A copy of the last time, to be made into parts in slices. Nil: everything.
  func extract(last: Duration?, at now: Moment) -> RecorderExtract {
    let start = last.map { now.instant - $0 }
    let wallStart = last.map { now.wallMicroseconds &- $0.saturatedMicroseconds } ?? .min
    return RecorderExtract(
      frames.copy(since: start, opening: opening),
      minutes: minutes.lists.filter { $0.timeMicroseconds >= wallStart })
  }

  /// The same at once: all parts, each of at most `RecorderExtract.partBytes`.
  func parts(last: Duration?, at now: Moment) -> [RecorderPart] {
    let extract = extract(last: last, at: now)
    var parts: [RecorderPart] = []
    while !extract.isDone {
      if let part = extract.step() { parts.append(part) }
    }
    return parts
  }

  private func forgetAll() {
    frames = RecordedFrames(limits: limits)
    minutes = RecordedMinutes(limits: limits)
    lastSecond = nil
  }

  private func second(of now: Moment) -> Int64 {
    (now.wallMicroseconds &+ Self.toleranceMicroseconds) / 1_000_000
  }
}
