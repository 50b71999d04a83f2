import Wire

/// How a rollout ended, and what to do then.
struct RolloutEnding: Equatable {
  /// What is said, in one or several lines.
  let text: String
  /// Whether it was taken back.
  let isFailure: Bool

  /// Nil as long as it is not over.
  init?(_ rollout: Rollout) {
    let target = SelectorText.name(rollout.selector)
    switch rollout.state {
    case .completed:
      isFailure = false
      var line = "COMPLETED: \(target) has version \(rollout.version)"
      let counts = RolloutText.counts(rollout)
      if !counts.isEmpty { line += "; hosts: \(counts)" }
      if let duration = Self.duration(rollout) { line += "; took \(duration)" }
      let verified = RolloutText.hosts(rollout, in: .verified)
      let rest = Int(rollout.waveHosts.last ?? 0) - verified
      if rest > 0 { line += "\nwhoever was not there gets it on return: muster config status" }
      text = line
    case .rolledBack:
      isFailure = true
      let reason = rollout.reason.isEmpty ? "" : ": \(rollout.reason.printable)"
      let before =
        rollout.previousVersion > 0 ? "version \(rollout.previousVersion)" : "what they ran before"
      var lines = [
        "ROLLED_BACK\(reason)",
        "hosts that had version \(rollout.version) are back on \(before), or go back on return",
      ]
      if rollout.previousVersion > 0 {
        lines.append("what differs: muster config diff \(rollout.previousVersion) \(rollout.version)")
      }
      lines.append(
        "what hosts would say to a corrected file: muster config plan FILE --to "
          + SelectorText.quoted(rollout.selector))
      text = lines.joined(separator: "\n")
    default: return nil
    }
  }

  private static func duration(_ rollout: Rollout) -> String? {
    let span = rollout.endedMicroseconds &- rollout.createdMicroseconds
    guard rollout.createdMicroseconds > 0, span > 0 else { return nil }
    return Units.duration(microseconds: span)
  }
}
