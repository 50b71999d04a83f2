import Sampling
import Wire

// The order in which a collector over its budget does less, a level each:
//
//     1   the recorder is off
//     2   sources that walk much are off          `walkingSources`
//     3   sources that are read less often than once a second (sensors, arrays) are off
//     4   sources that are dear to read: at twice their interval     `dearSources`
//     5   frames at twice the interval; each further level doubles it again, up to a minute
//
// What everything else is compared with is read to the end: CPU, load, memory, uptime, the collector itself; and what
// people hand in themselves (`textfile`).

/// What is left out at a level of `Budget`.
public struct Shedding: Hashable, Sendable {
  /// The last level: from any interval that is accepted to a minute.
  public static let maximumLevel = 14
  /// Sources that look at each process, group, unit or socket of a host.
  static let walkingSources = ["processes", "cgroups", "systemd", "tcp", "udp_queues"]
  /// Sources that are never off and cost more than others: those that ask other file systems, and the longest files.
  static let dearSources = [
    "filesystem", "diskstats", "vmstat", "netdev", "netstat", "snmp", "snmp6", "schedstat", "pressure_cpu",
    "pressure_io", "pressure_memory",
    "pressure_irq",
  ]
  /// Sources read less often than once a second that are not switched off: people's own metrics, load, uptime, and the
  /// host's network.
  static let keptSources: Set<String> = [
    "textfile", "loadavg", "uptime", "netstat", "snmp6", "sockstat", "sockstat6", "softnet", "conntrack",
    "filefd",
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
    guard level >= 5 else { return interval }
    // 2^10 of the shortest interval are longer than the longest.
    return max(interval, min(Self.longestInterval, interval * (1 << min(level - 4, 10))))
  }

  /// Settings with less in them. The interval stays: others have a say in it (`interval`).
  public func settings(_ settings: EffectiveSettings) -> EffectiveSettings {
    var settings = settings
    if level >= 1 { settings.recorder = false }
    if level >= 2 { settings.sampling.switchOff(Self.walkingSources) }
    if level >= 3 { settings.sampling.switchOff(Self.slowSources) }
    if level >= 4 {
      for name in Self.dearSources { settings.sampling.stretch(name, from: settings.interval) }
    }
    return settings
  }

  /// For people; empty: nothing is left out.
  public var summary: String {
    let steps = [
      "the recorder is off", "sources that walk much are off", "slow sources are off",
      "dear sources are read half as often", "frames are further apart",
    ]
    return steps.prefix(max(level, 0)).joined(separator: ", ")
  }

  private static var slowSources: [String] {
    SourceCatalogue.all.filter { ($0.interval ?? .zero) > .seconds(1) && !keptSources.contains($0.name) }
      .map(\.name)
  }
}

extension SamplingSettings {
  fileprivate mutating func switchOff(_ names: [String]) {
    for name in names { sources[name, default: SourceSettings()].isEnabled = false }
  }

  /// Reads a source half as often.
  fileprivate mutating func stretch(_ name: String, from interval: Duration) {
    var source = sources[name] ?? SourceSettings()
    let own = source.interval ?? SourceCatalogue.byName[name]?.interval ?? interval
    source.interval = max(own, interval) * 2
    sources[name] = source
  }
}
