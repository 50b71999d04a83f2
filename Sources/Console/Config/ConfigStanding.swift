import Wire

/// How the fleet stands with its configuration: rollouts under way, hosts by state, and those that do not
/// run what they are meant to.
struct ConfigStanding {
  /// Hosts that are named; the others are counted.
  static let namesShown = 50

  let rollouts: [Rollout]
  /// Hosts that have a config, or are meant to.
  let configured: [HostInfo]
  /// Hosts that no layer selects.
  let unconfigured: Int

  /// Of these rollouts and hosts; retired and expected hosts are none of either.
  init(rollouts: [Rollout], hosts: [HostInfo]) {
    let present = hosts.filter { $0.state != .retired && $0.state != .expected }
    self.rollouts = rollouts
    configured = present.filter(\.hasConfig)
    unconfigured = present.count - configured.count
  }

  /// Hosts that do not run what they are meant to, troubles first.
  var drifted: [HostInfo] {
    configured.filter { $0.configState != .verified }.sorted { a, b in
      if a.configState.isTrouble != b.configState.isTrouble { return a.configState.isTrouble }
      return (a.instance, a.hostID) < (b.instance, b.hostID)
    }
  }

  /// `998 verified, 2 failed`
  var counts: String {
    let parts = ConfigState.allCases.compactMap { state in
      let hosts = configured.count { $0.configState == state }
      return hosts > 0 ? "\(hosts) \(state == .unknown ? "not offered yet" : state.word)" : nil
    }
    return parts.joined(separator: ", ")
  }

  /// Everything, for people; `now` by the aggregator's clock.
  func lines(style: Style, now: Int64) -> [String] {
    var lines: [String] = []
    if rollouts.isEmpty { lines.append("no rollout is under way") }
    for rollout in rollouts {
      lines.append(style.bold(RolloutText.title(rollout)))
      lines.append("  " + RolloutText.standing(rollout, now: now))
      let counts = RolloutText.counts(rollout)
      if !counts.isEmpty { lines.append("  hosts: " + counts) }
    }
    lines.append("")
    guard !configured.isEmpty else {
      return lines + ["no host has a config: muster config push FILE --to SELECTOR"]
    }
    lines.append("hosts: \(counts); \(unconfigured) on the local file alone")
    let drifted = drifted
    guard !drifted.isEmpty else { return lines }
    var table = TextTable([
      .init("HOST"), .init("STATE"), .init("MEANT", .right), .init("CONFIG"), .init("RUNS"),
    ])
    for host in drifted.prefix(Self.namesShown) {
      table.add([
        host.instance, host.state.word, "version \(host.configVersion)", host.configState.word,
        host.configSHA256.isEmpty ? "local file" : HashText.short(host.configSHA256),
      ])
    }
    lines += ["not on what they are meant to run:", ""]
    lines += table.text(style: style).split(separator: "\n").map(String.init)
    let more = drifted.count - Self.namesShown
    if more > 0 { lines.append("and \(more) more") }
    return lines + ["", "why, of one of them: muster config show --host HOST"]
  }
}

extension HostInfo {
  /// Whether config is meant for the host, or runs on it.
  var hasConfig: Bool { configVersion > 0 || configState != .unknown || !configSHA256.isEmpty }
}
