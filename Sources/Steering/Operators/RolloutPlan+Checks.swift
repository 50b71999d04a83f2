import GRPC
import Wire

extension RolloutPlan {
  /// The plan with its defaults filled in; throws INVALID_ARGUMENT for what cannot be meant.
  ///
  /// - Parameters:
  ///   - waves: what no waves stand for.
  ///   - soaks: whether no soak time stands for the default one; else for none.
  func checked(waves: [String], soaks: Bool) throws(Status) -> RolloutPlan {
    var plan = self
    if plan.waves.isEmpty { plan.waves = waves }
    _ = try WavePlan(plan.waves)
    if plan.confirmWithinMilliseconds == 0 {
      plan.confirmWithinMilliseconds = RolloutDefaults.confirmMilliseconds
    }
    if plan.soakMilliseconds == 0, !plan.noSoak {
      if soaks { plan.soakMilliseconds = RolloutDefaults.soakMilliseconds } else { plan.noSoak = true }
    }
    if plan.noSoak { plan.soakMilliseconds = 0 }
    try check(plan.confirmWithinMilliseconds, in: RolloutDefaults.confirmRange, "confirm_within_ms")
    try check(plan.soakMilliseconds, in: RolloutDefaults.soakRange, "soak_ms")
    if hostTimeoutMilliseconds != 0 {
      try check(hostTimeoutMilliseconds, in: RolloutDefaults.hostTimeoutRange, "host_timeout_ms")
    }
    try gates.check()
    return plan
  }

  private func check(_ value: UInt32, in range: ClosedRange<UInt32>, _ name: String) throws(Status) {
    guard !range.contains(value) else { return }
    throw Status(
      .invalidArgument,
      "\(name): \(value) is not possible; accepted is \(range.lowerBound) to \(range.upperBound)")
  }
}

extension Gates {
  /// A negative value switches a gate off, 0 is its default; the rest must make sense.
  fileprivate func check() throws(Status) {
    try check(verifiedRatio, upTo: 1, "verified_ratio")
    try check(silentRatio, upTo: 1, "silent_ratio")
    try check(failingSources, upTo: 1000, "failing_sources")
    try check(cpuFactor, from: 1, upTo: 1_000_000, "cpu_factor")
    try check(memoryFactor, from: 1, upTo: 1_000_000, "memory_factor")
  }

  private func check(
    _ value: Double, from least: Double = 0, upTo most: Double, _ name: String
  ) throws(Status) {
    guard value.isNaN || value > most || (value > 0 && value < least) else { return }
    throw Status(
      .invalidArgument,
      "gates.\(name): \(value) is not possible; accepted is \(least) to \(most), 0 for the default, "
        + "a negative value for no gate")
  }
}
