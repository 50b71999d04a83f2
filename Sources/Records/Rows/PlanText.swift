internal import Wire

/// A rollout's plan as JSON has it. Names are part of the file's format.
struct PlanText: Codable {
  var waves: [String]
  var soakMilliseconds: UInt32
  var noSoak: Bool
  var hostTimeoutMilliseconds: UInt32
  var confirmWithinMilliseconds: UInt32
  var verifiedRatio: Double
  var failingSources: Double
  var cpuFactor: Double
  var memoryFactor: Double
  var silentRatio: Double

  enum CodingKeys: String, CodingKey {
    case waves
    case soakMilliseconds = "soak_ms"
    case noSoak = "no_soak"
    case hostTimeoutMilliseconds = "host_timeout_ms"
    case confirmWithinMilliseconds = "confirm_within_ms"
    case verifiedRatio = "verified_ratio"
    case failingSources = "failing_sources"
    case cpuFactor = "cpu_factor"
    case memoryFactor = "memory_factor"
    case silentRatio = "silent_ratio"
  }

  init(_ plan: RolloutPlan) {
    waves = plan.waves
    soakMilliseconds = plan.soakMilliseconds
    noSoak = plan.noSoak
    hostTimeoutMilliseconds = plan.hostTimeoutMilliseconds
    confirmWithinMilliseconds = plan.confirmWithinMilliseconds
    verifiedRatio = plan.gates.verifiedRatio
    failingSources = plan.gates.failingSources
    cpuFactor = plan.gates.cpuFactor
    memoryFactor = plan.gates.memoryFactor
    silentRatio = plan.gates.silentRatio
  }

  var plan: RolloutPlan {
    RolloutPlan(
      waves: waves, soakMilliseconds: soakMilliseconds, noSoak: noSoak,
      gates: Gates(
        verifiedRatio: verifiedRatio, failingSources: failingSources, cpuFactor: cpuFactor,
        memoryFactor: memoryFactor, silentRatio: silentRatio),
      hostTimeoutMilliseconds: hostTimeoutMilliseconds,
      confirmWithinMilliseconds: confirmWithinMilliseconds)
  }
}
