import Wire

/// A rollout under way as a few lines that are drawn anew in place. Pure: what it shows depends on its
/// arguments alone.
struct RolloutView {
  /// Hosts in the way that are named; the others are counted.
  static let troubledShown = 8
  /// Last words on waves that are shown.
  static let historyShown = 4

  let style: Style
  let unicode: Bool
  /// No line is wider.
  let columns: Int
  /// The aggregator's clock, microseconds since 1970.
  let now: Int64

  /// The lines; `connection` says why they are not of this moment.
  func lines(_ rollout: Rollout, connection: String? = nil) -> [String] {
    var lines = [style.bold(cut(RolloutText.title(rollout))), standing(rollout)]
    lines += waves(rollout)
    let counts = RolloutText.counts(rollout)
    if !counts.isEmpty { lines.append(cut("hosts   " + counts)) }
    lines += troubled(rollout)
    lines += rollout.history.suffix(Self.historyShown).map { style.dim(cut("        " + $0.printable)) }
    if !rollout.state.isOver {
      lines.append(style.dim(cut("gates   " + RolloutText.gates(rollout.plan.gates))))
      lines.append(
        connection.map { style.red(cut("lost the aggregator, trying again: " + $0.printable)) }
          ?? style.dim(cut("Ctrl-C leaves the rollout to itself")))
    }
    return lines
  }

  private func standing(_ rollout: Rollout) -> String {
    let text = cut("state   " + RolloutText.standing(rollout, now: now))
    switch rollout.state {
    case .completed: return style.green(text)
    case .rollingBack, .rolledBack: return style.red(text)
    case .paused: return style.yellow(text)
    default: return text
    }
  }

  /// A bar for each wave: those gone through are full, the one under way is as full as hosts are verified.
  private func waves(_ rollout: Rollout) -> [String] {
    guard rollout.state != .rollingBack, rollout.state != .rolledBack else { return [] }
    let verified = RolloutText.hosts(rollout, in: .verified)
    let digits = String(rollout.waveHosts.last ?? 0).count
    let width = max(4, min(40, columns - 36 - 2 * digits))
    return rollout.waveHosts.enumerated().map { index, hosts in
      let hosts = Int(hosts)
      let name = "wave \(index + 1)".fitted(to: 8)
      let isPast = index < rollout.wave || rollout.state == .completed
      guard isPast || index == rollout.wave else {
        return style.dim(cut(name + bar(0, width) + "  to \(Units.counted(hosts, "host"))"))
      }
      guard !isPast else {
        return cut(name + bar(1, width) + "  \(Units.counted(hosts, "host")), passed")
      }
      let share = hosts > 0 ? Double(min(verified, hosts)) / Double(hosts) : 0
      return cut(name + bar(share, width) + "  \(min(verified, hosts))/\(hosts) verified")
    }
  }

  private func troubled(_ rollout: Rollout) -> [String] {
    var lines = rollout.troubled.prefix(Self.troubledShown).map { host in
      style.yellow(cut("        " + RolloutText.trouble(host)))
    }
    let more = rollout.troubled.count - Self.troubledShown
    if more > 0 { lines.append(style.yellow(cut("        and \(more) more"))) }
    return lines
  }

  private func bar(_ share: Double, _ width: Int) -> String {
    let filled = Int((min(max(share, 0), 1) * Double(width)).rounded(.down))
    let (full, empty) = unicode ? ("█", "░") : ("#", ".")
    return String(repeating: full, count: filled) + String(repeating: empty, count: width - filled)
  }

  private func cut(_ text: String) -> String { text.cut(to: max(1, columns - 1)) }
}
