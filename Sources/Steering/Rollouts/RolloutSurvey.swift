import GRPC
import Wire

/// How the hosts of a rollout's waves stand at one moment.
struct RolloutSurvey {
  /// One wave.
  struct Wave {
    /// Gates count them, and they can still be, or are, VERIFIED or failed.
    var tally = WaveTally()
    /// Hosts that were there when the wave began, or got a verdict since.
    var counted = 0
    /// Those of them that are away for too long.
    var silent: [String] = []
  }

  var waves: [Wave]
  /// Hosts whose collector costs too much, and why.
  var excesses: [String: String] = [:]

  /// Whether every host that gates count has its verdict.
  var isSettled: Bool { waves.allSatisfy { $0.tally.open == 0 } }

  /// Whether any host got its verdict. Before one did nothing is known of the config, however few can be
  /// reached.
  var hasVerdict: Bool { waves.contains { $0.tally.counted > $0.tally.open } }

  init(
    _ rollout: RolloutUnderWay, _ hosts: [String: HostRecord], at now: Instant,
    health: (String) -> HostHealth?
  ) {
    waves = Array(repeating: Wave(), count: Int(rollout.stored.wavesBegun))
    for (hostID, part) in rollout.parts where part.stored.wave < rollout.stored.wavesBegun {
      guard waves.indices.contains(Int(part.stored.wave)), let link = hosts[hostID]?.link else { continue }
      guard part.stored.isCounted else { continue }
      count(part, link, at: now)
      if link.isAttached, let reading = health(hostID),
        let reason = rollout.stored.plan.gates.excess(reading, over: part.stored.baseline)
      {
        excesses[hostID] = reason
      }
    }
  }

  /// A host that is away is waited for, until it counts as silent; one that said goodbye is not.
  private mutating func count(_ part: RolloutPart, _ link: HostLink, at now: Instant) {
    let wave = Int(part.stored.wave)
    waves[wave].counted += 1
    let isSilent = !link.isAttached && !link.saidGoodbye && now - link.awaySince > RolloutDefaults.silence
    if isSilent { waves[wave].silent.append(part.stored.hostID) }
    let isGone = part.isOpen && !link.isAttached && (isSilent || link.saidGoodbye)
    if !isGone { waves[wave].tally.add(part, 1) }
  }
}
