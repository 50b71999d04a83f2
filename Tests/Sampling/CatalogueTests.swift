import ProcFS
import Testing
import Wire

@testable import Sampling

/// What the catalogue says of each source is what the source does: docs/METRICS.md is written from it.
@Suite struct CatalogueTests {
  @Test func namesAreOneSourcesOnly() {
    let names = SourceCatalogue.all.map(\.name)
    #expect(Set(names).count == names.count)
    for kind in SourceCatalogue.all {
      #expect(!kind.reads.isEmpty && !kind.metrics.isEmpty, "\(kind.name)")
      for metric in kind.metrics {
        #expect(metric.help.hasSuffix(".") && !metric.help.contains("|"), "\(metric.name)")
        if metric.kind == .counter {
          #expect(metric.name.hasSuffix("_total") || metric.name.hasPrefix("node_"), "\(metric.name)")
        }
      }
    }
  }

  /// On every captured machine.
  @Test(arguments: SamplingFixture.machines)
  func whatIsShownIsDeclared(_ machine: String) {
    for kind in SourceCatalogue.all {
      for series in SamplingFixture.series(of: kind, on: machine) {
        #expect(
          kind.metrics.contains { $0.declares(series) }, "\(kind.name): \(series.name) \(series.labels)")
      }
    }
  }

  /// Sources of which the captured machines do not show everything, and why.
  private static let unseen = [
    "netdev": "netlink tells one metric more than the file", "tcp": "netlink",
    "systemd": "D-Bus", "textfile": "a folder that is set", "powersupply": "the kernel's list of attributes",
    "zfs": "releases differ", "bcache": "releases differ", "watchdog": "devices differ",
    "infiniband": "devices differ", "cpufreq": "drivers differ", "sockstat6": "one parser for both files",
    "cgroups": "memory.high is rarely set",
  ]

  /// A metric that no machine here shows may as well be a misspelt one.
  @Test func whatIsDeclaredIsShownSomewhere() {
    for kind in SourceCatalogue.all where Self.unseen[kind.name] == nil {
      let shown = SamplingFixture.machines.flatMap { SamplingFixture.series(of: kind, on: $0) }
      for metric in kind.metrics {
        #expect(shown.contains { metric.declares($0) }, "\(kind.name): \(metric.name)")
      }
    }
  }
}

extension SamplingFixture {
  /// What a source shows of a captured machine.
  fileprivate static func series(of kind: SourceKind, on machine: String) -> [SeriesDescriptor] {
    let clock = TestClock()
    let root = ProcRoot(path: path(machine))
    var calls = calls
    calls.clockDiscipline = KernelCalls.live.clockDiscipline
    calls.wallClock = KernelCalls.live.wallClock
    calls.localTimeZone = KernelCalls.live.localTimeZone
    var source = kind.make(
      SourceContext(root: root, filters: FilterSettings(), calls: calls, clock: { clock.now }))
    var table = SampleTable()
    var buffer = ReadBuffer()
    for _ in 1...2 {
      try? source.sample(into: &table, reading: &buffer, at: clock.now)
      (source as? FilesystemSource)?.awaitAnswers(nanoseconds: 10_000_000_000)
    }
    return table.descriptors
  }
}

extension Metric {
  /// Whether a series is one of this metric's.
  fileprivate func declares(_ series: SeriesDescriptor) -> Bool {
    kind == series.kind && type == series.type && multiplier == series.multiplier
      && divisor == series.divisor && hasLabels(series.labels.map(\.name)) && matches(series.name)
  }

  /// Whether these are its labels, in their order; some leave out those without a value.
  private func hasLabels(_ names: [String]) -> Bool {
    var rest = labels[...]
    return names.allSatisfy { name in
      guard let place = rest.firstIndex(of: name) else { return false }
      rest = rest[(place + 1)...]
      return true
    }
  }

  /// Whether a name is this one, with the parts in angle brackets filled in.
  private func matches(_ series: String) -> Bool {
    var pattern = ""
    var isInside = false
    for character in name {
      if character == "<" {
        isInside = true
        pattern += "*"
      } else if character == ">" {
        isInside = false
      } else if !isInside {
        pattern.append(character)
      }
    }
    return Array(series.utf8).withUnsafeBytes { GlobPattern(pattern).matches($0) }
  }
}
