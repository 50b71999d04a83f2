import Wire

/// A rollout as lines that are printed once each, for an output that is no terminal: what is new since the
/// last time.
struct RolloutLog {
  /// Hosts in the way that are told; the rollout itself names no more than some.
  static let troubledMaximum = 1_000

  private var isTitled = false
  private var history = 0
  private var standing = ""
  private var troubled: Set<String> = []

  /// Nothing was said yet.
  init() {}

  /// The lines to print for the rollout as it stands now.
  mutating func lines(_ rollout: Rollout) -> [String] {
    var lines: [String] = []
    if !isTitled {
      isTitled = true
      lines.append(RolloutText.title(rollout))
      lines.append("gates: \(RolloutText.gates(rollout.plan.gates))")
    }
    // A shorter history is another's, told by an aggregator that began anew.
    if rollout.history.count < history { history = 0 }
    lines += rollout.history[history...].map(\.printable)
    history = rollout.history.count
    for host in rollout.troubled where troubled.count < Self.troubledMaximum {
      let text = RolloutText.trouble(host)
      if troubled.insert(text).inserted { lines.append(text) }
    }
    // How it ended is said by whoever follows it, with what to do next.
    let now = rollout.state.isOver ? "" : state(rollout)
    if now != standing, !now.isEmpty { lines.append(now) }
    standing = now
    return lines
  }

  private func state(_ rollout: Rollout) -> String {
    var text = rollout.state.word
    if rollout.state != .rollingBack { text += " " + RolloutText.wave(rollout) }
    if !rollout.reason.isEmpty { text += ": \(rollout.reason.printable)" }
    return text
  }
}
