internal import Steering
internal import Wire

extension StoredRollout: StoredRow {
  static let table = Table(
    "rollouts", key: ["id"],
    [
      "version", "previous_version", "selector", "sha256", "state", "paused_from", "reason", "waves_begun",
      "wave_hosts_json", "plan_json", "created_us", "ended_us", "author", "message", "history_json",
      "counts_json", "troubled_json",
    ])

  func write(to row: inout RowWriter) {
    row.add(id)
    row.add(version)
    row.add(previousVersion)
    row.add(selector)
    row.add(sha256)
    row.add(state)
    row.add(pausedFrom)
    row.add(reason)
    row.add(wavesBegun)
    row.add(json: waveHosts)
    row.add(json: PlanText(plan))
    row.add(createdMicroseconds)
    row.add(endedMicroseconds)
    row.add(author)
    row.add(message)
    row.add(json: history)
    row.add(json: counts.map(CountText.init))
    row.add(json: troubled.map(TroubledText.init))
  }

  init(_ row: inout RowReader) throws {
    self.init(
      id: try row.next(), version: try row.next(), previousVersion: try row.next(),
      selector: try row.next(), sha256: try row.next(), state: try row.next(), pausedFrom: try row.next(),
      reason: try row.next(), wavesBegun: try row.next(), waveHosts: try row.json(),
      plan: try row.json(PlanText.self).plan, createdMicroseconds: try row.next(),
      endedMicroseconds: try row.next(), author: try row.next(), message: try row.next(),
      history: try row.json(), counts: try row.json([CountText].self).map(\.count),
      troubled: try row.json([TroubledText].self).map(\.host))
  }
}

/// A host's part in a rollout, with the rollout.
struct RolloutHostRow: StoredRow {
  static let table = Table(
    "rollout_hosts", key: ["rollout", "host_id"],
    [
      "wave", "state", "reason", "counted", "baseline_cpu_ratio", "baseline_resident_bytes",
      "baseline_failing_sources",
    ])

  var rollout: UInt64
  var host: StoredRolloutHost

  init(rollout: UInt64, host: StoredRolloutHost) {
    self.rollout = rollout
    self.host = host
  }

  func write(to row: inout RowWriter) {
    row.add(rollout)
    row.add(host.hostID)
    row.add(host.wave)
    row.add(host.state)
    row.add(host.reason)
    row.add(host.isCounted)
    row.add(host.baseline.cpuRatio)
    row.add(host.baseline.residentBytes)
    row.add(host.baseline.failingSources.map(Int64.init))
  }

  init(_ row: inout RowReader) throws {
    rollout = try row.next()
    host = StoredRolloutHost(
      hostID: try row.next(), wave: try row.next(), state: try row.next(), reason: try row.next(),
      isCounted: try row.next(),
      baseline: HostHealth(
        cpuRatio: try row.next(), residentBytes: try row.next(),
        failingSources: try row.next(Int64?.self).flatMap(Int.init(exactly:))))
  }
}
