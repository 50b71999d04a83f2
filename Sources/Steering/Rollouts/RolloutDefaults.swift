import Wire

/// What a rollout's plan leaves open.
enum RolloutDefaults {
  static let waves = ["1", "5%", "25%", "100%"]
  static let soakMilliseconds: UInt32 = 60_000
  static let confirmMilliseconds: UInt32 = 30_000
  static let confirmRange: ClosedRange<UInt32> = 5_000...600_000
  static let soakRange: ClosedRange<UInt32> = 0...604_800_000
  static let hostTimeoutRange: ClosedRange<UInt32> = 1_000...3_600_000
  /// What a host's interval is taken for that nobody knows.
  static let intervalMilliseconds: UInt32 = 10_000
  /// How long a host may be away before it counts as silent, and how long hosts have to come back after the
  /// aggregator was started again.
  static let silence: Duration = .seconds(30)
  /// How often rollouts look at their hosts.
  static let checkInterval: Duration = .seconds(1)
  /// How long a collector may cost too much before a gate fails: applying a config costs something once.
  static let excess: Duration = .seconds(5)
  /// A collector that uses less than this is not over any multiple of what it used before: a multiple of next
  /// to nothing is nothing.
  static let cpuFloorRatio = 0.005
  static let residentFloorBytes = 16.0 * 1024 * 1024
}

extension RolloutPlan {
  /// How long a wave is watched.
  var soak: Duration { noSoak ? .zero : .milliseconds(Int64(soakMilliseconds)) }

  /// How long a host that samples every `interval` may take from the offer to VERIFIED.
  func hostTimeout(intervalMilliseconds interval: UInt32) -> Duration {
    guard hostTimeoutMilliseconds == 0 else { return .milliseconds(Int64(hostTimeoutMilliseconds)) }
    let interval = interval > 0 ? interval : RolloutDefaults.intervalMilliseconds
    return .milliseconds(Int64(confirmWithinMilliseconds) + 3 * Int64(interval))
  }
}

extension Gates {
  /// Share of a wave's hosts that must be VERIFIED; nil: the gate is off.
  private func verifiedRatio(ofHosts hosts: Int) -> Double? {
    limit(verifiedRatio, default: hosts < 20 ? 1 : 0.95)
  }

  /// Whether so many of a wave's hosts are, or can still be, VERIFIED as must be.
  func canBeVerified(_ tally: WaveTally) -> Bool {
    guard tally.failed > 0, let ratio = verifiedRatio(ofHosts: tally.counted) else { return true }
    return Double(tally.counted - tally.failed) >= ratio * Double(tally.counted)
  }

  /// Share of a wave's hosts that may be silent; nil: the gate is off.
  var silentLimit: Double? { limit(silentRatio, default: 0.05) }

  /// Why a collector costs too much or lacks too much, compared with what was before; nil: it does not.
  func excess(_ health: HostHealth, over baseline: HostHealth) -> String? {
    if let allowed = failingSources < 0 ? nil : failingSources, let before = baseline.failingSources,
      let now = health.failingSources, Double(now - before) > allowed
    {
      return "\(now) of its sources fail, before it were \(before)"
    }
    if let factor = limit(cpuFactor, default: 2), let before = baseline.cpuRatio, let now = health.cpuRatio,
      now > max(before * factor, RolloutDefaults.cpuFloorRatio)
    {
      return "its collector uses \(percent(now)) of a CPU, before it was \(percent(before))"
    }
    if let factor = limit(memoryFactor, default: 2), let before = baseline.residentBytes,
      let now = health.residentBytes, now > max(before * factor, RolloutDefaults.residentFloorBytes)
    {
      return "its collector has \(mebibytes(now)) MiB resident, before it was \(mebibytes(before))"
    }
    return nil
  }

  private func limit(_ value: Double, default standard: Double) -> Double? {
    value < 0 ? nil : value == 0 ? standard : value
  }
}

private func percent(_ ratio: Double) -> String { "\(tenths(ratio * 100))%" }

private func mebibytes(_ bytes: Double) -> String { tenths(bytes / (1024 * 1024)) }

/// A figure from a host with one decimal, whatever it is.
private func tenths(_ value: Double) -> String {
  let tenths = Int(min(max((value * 10).rounded(), 0), 1e15))
  return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
}
