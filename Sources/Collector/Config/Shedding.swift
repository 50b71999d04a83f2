import Sampling
import Wire

/// What is left out at a level of `Budget`.
public struct Shedding: Hashable, Sendable {
  /// Sources that cost more than others: those that ask other file systems, and the longest files.
  static let dearSources = [
    "filesystem", "diskstats", "vmstat", "netdev", "pressure_cpu", "pressure_io", "pressure_memory",
    "pressure_irq",
  ]
  /// No interval is made longer than this.
  static let longestInterval = CollectorSettings.intervals.upperBound

  /// 0: nothing is left out.
  public var level: Int

  /// What is left out at this level.
  public init(level: Int = 0) {
    self.level = level
  }

  /// The distance of two frames that would be this far apart.
  public func interval(_ interval: Duration) -> Duration {
    guard level >= 3 else { return interval }
    // 2^10 of the shortest interval are longer than the longest.
    return max(interval, min(Self.longestInterval, interval * (1 << min(level - 2, 10))))
  }

  /// Settings with less in them. The interval stays: others have a say in it (`interval`).
  public func settings(_ settings: EffectiveSettings) -> EffectiveSettings {
    var settings = settings
    if level >= 1 { settings.recorder = false }
    if level >= 2 {
      for name in Self.dearSources { settings.sampling.stretch(name, from: settings.interval) }
    }
    return settings
  }

  /// For people; empty: nothing is left out.
  public var summary: String {
    switch level {
    case ...0: ""
    case 1: "the recorder is off"
    case 2: "the recorder is off, dear sources are read half as often"
    default: "the recorder is off, dear sources are read half as often, frames are further apart"
    }
  }
}

extension SamplingSettings {
  /// Reads a source half as often.
  fileprivate mutating func stretch(_ name: String, from interval: Duration) {
    var source = sources[name] ?? SourceSettings()
    source.interval = max(source.interval ?? interval, interval) * 2
    sources[name] = source
  }
}
