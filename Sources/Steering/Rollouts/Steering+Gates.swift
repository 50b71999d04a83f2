import GRPC
import Wire

/// When a rollout must not go on.
extension Steering {
  /// Why a rollout must go back; nil: it need not.
  func failedGate(of id: UInt64, _ survey: RolloutSurvey, at now: Instant) -> String? {
    guard let rollout = rollouts[id] else { return nil }
    let gates = rollout.stored.plan.gates
    for (number, wave) in survey.waves.enumerated() {
      if !gates.canBeVerified(wave.tally) { return unverified(rollout, number, wave.tally) }
      if let limit = gates.silentLimit, Double(wave.silent.count) > limit * Double(wave.counted) {
        return silent(number, wave)
      }
    }
    return expensive(rollout, at: now)
  }

  private func unverified(_ rollout: RolloutUnderWay, _ number: Int, _ tally: WaveTally) -> String {
    let first = troubled(rollout).first { $0.wave == number }
    let word = first.map { "; \($0.instance): \($0.state.word)\($0.reason.isEmpty ? "" : ": " + $0.reason)" }
    return "wave \(number + 1): \(tally.failed) of \(tally.counted) hosts failed\(word ?? "")"
  }

  private func silent(_ number: Int, _ wave: RolloutSurvey.Wave) -> String {
    let names = wave.silent.map { hosts[$0]?.name ?? $0 }.sorted()
    return "wave \(number + 1): \(names.count) of \(wave.counted) hosts went silent: \(list(names))"
  }

  /// A collector that costs too much, or lacks too much, and has for a while.
  private func expensive(_ rollout: RolloutUnderWay, at now: Instant) -> String? {
    let over = rollout.parts.values.filter { part in
      part.excess.map { now - $0.since >= RolloutDefaults.excess } ?? false
    }
    guard let first = over.min(by: { $0.stored.hostID < $1.stored.hostID }), let excess = first.excess else {
      return nil
    }
    let name = hosts[first.stored.hostID]?.name ?? first.stored.hostID
    let more = over.count > 1 ? " (and \(over.count - 1) hosts more)" : ""
    return "wave \(first.stored.wave + 1): \(name): \(excess.reason)\(more)"
  }

  /// Hosts that stand in the way, by wave and name.
  func troubled(_ rollout: RolloutUnderWay) -> [RolloutHost] {
    let trouble = rollout.parts.values.filter {
      $0.stored.state.isFailure && $0.stored.isCounted || $0.excess != nil
    }
    return trouble.map { part in
      RolloutHost(
        hostID: part.stored.hostID, instance: hosts[part.stored.hostID]?.name ?? part.stored.hostID,
        wave: part.stored.wave, state: part.stored.state,
        reason: part.stored.reason.isEmpty ? part.excess?.reason ?? "" : part.stored.reason)
    }.sorted { ($0.wave, $0.instance, $0.hostID) < ($1.wave, $1.instance, $1.hostID) }
  }

  /// The first names, and how many there are besides.
  func list(_ names: [String]) -> String {
    let shown = names.prefix(5).joined(separator: ", ")
    return names.count > 5 ? "\(shown) and \(names.count - 5) more" : shown
  }
}
