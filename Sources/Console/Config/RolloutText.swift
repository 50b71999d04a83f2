import Wire

/// Sentences about a rollout that several views share.
enum RolloutText {
  /// `rollout 7: version 12 to role=web, after version 11, by ann@desk: faster disks`
  static func title(_ rollout: Rollout) -> String {
    var text = "rollout \(rollout.id): version \(rollout.version) to \(SelectorText.name(rollout.selector))"
    text += rollout.previousVersion > 0 ? ", after version \(rollout.previousVersion)" : ", the first there"
    if !rollout.author.isEmpty { text += ", by \(rollout.author.printable)" }
    if !rollout.message.isEmpty { text += ": \(rollout.message.printable)" }
    return text
  }

  /// `SOAKING wave 2 of 4, 41s left`; `now` by the aggregator's clock.
  static func standing(_ rollout: Rollout, now: Int64) -> String {
    var text = rollout.state.word.uppercased()
    switch rollout.state {
    case .rolling, .paused: text += " " + wave(rollout)
    case .soaking:
      text += " " + wave(rollout)
      if rollout.soakUntilMicroseconds > 0 {
        text += ", \(seconds(max(0, rollout.soakUntilMicroseconds &- now))) left"
      }
    default: break
    }
    if !rollout.reason.isEmpty { text += ": \(rollout.reason.printable)" }
    return text
  }

  /// `wave 2 of 4`
  static func wave(_ rollout: Rollout) -> String {
    "wave \(number(rollout.wave)) of \(max(rollout.waveHosts.count, number(rollout.wave)))"
  }

  /// `301 verified, 12 applying, 1 failed`; empty before the first offer.
  static func counts(_ rollout: Rollout) -> String {
    let order: [ConfigState] = [
      .verified, .applied, .applying, .validated, .received, .offered, .unknown, .refused, .failed,
      .rolledBack,
    ]
    return order.compactMap { state in
      let hosts = self.hosts(rollout, in: state)
      let word = state == .unknown ? "not offered yet" : state.word
      return hosts > 0 ? "\(hosts) \(word)" : nil
    }.joined(separator: ", ")
  }

  /// How many hosts are in a state, over all waves begun.
  static func hosts(_ rollout: Rollout, in state: ConfigState) -> Int {
    rollout.counts.reduce(0) { $0 + ($1.state == state ? Int($1.hosts) : 0) }
  }

  /// `web17 (wave 2): failed: no such disk`
  static func trouble(_ host: RolloutHost) -> String {
    let name = host.instance.isEmpty ? host.hostID : host.instance
    let reason = host.reason.isEmpty ? "" : ": \(host.reason.printable)"
    return "\(name.printable) (wave \(number(host.wave))): \(host.state.word)\(reason)"
  }

  /// What is watched: `verified 95%, failing sources +0, cpu 2x, memory 2x, silent 5%`.
  static func gates(_ gates: Gates) -> String {
    func text(_ value: Double, standing: String, _ format: (Double) -> String) -> String {
      value < 0 ? "off" : value == 0 ? standing : format(value)
    }
    func factor(_ value: Double) -> String { MetricText.value(value) + "x" }
    let parts = [
      "verified " + text(gates.verifiedRatio, standing: "95%", Units.percent),
      "failing sources "
        + text(gates.failingSources, standing: "+0") { "+" + MetricText.value($0.rounded(.down)) },
      "cpu " + text(gates.cpuFactor, standing: "2x", factor),
      "memory " + text(gates.memoryFactor, standing: "2x", factor),
      "silent " + text(gates.silentRatio, standing: "5%", Units.percent),
    ]
    return parts.joined(separator: ", ")
  }

  /// People count waves from 1.
  private static func number(_ wave: UInt32) -> Int { Int(wave) + 1 }

  /// Whole seconds, rounded up: a countdown does not show 0s while it lasts.
  private static func seconds(_ microseconds: Int64) -> String {
    let seconds = microseconds / 1_000_000 + (microseconds % 1_000_000 > 0 ? 1 : 0)
    return seconds < 60 ? "\(seconds)s" : Units.duration(microseconds: seconds * 1_000_000)
  }
}
