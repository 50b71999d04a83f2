import Wire

/// A rollout as `--output json` shows it. Times are microseconds since 1970.
struct RolloutDocument: Encodable {
  let id: UInt64
  let version: UInt64
  let previousVersion: UInt64?
  let selector: String
  let sha256: String
  let state: String
  let reason: String?
  /// Of the wave under way, 1 for the first.
  let wave: UInt32
  /// Hosts after each wave, all together.
  let waveHosts: [UInt32]
  let hosts: [String: UInt32]
  let createdUs: Int64
  let endedUs: Int64?
  let soakUntilUs: Int64?
  let author: String
  let message: String
  let troubled: [HostDocument]
  let history: [String]

  struct HostDocument: Encodable {
    let hostId: String
    let instance: String
    let wave: UInt32
    let state: String
    let reason: String?
  }

  init(_ rollout: Rollout) {
    id = rollout.id
    version = rollout.version
    previousVersion = rollout.previousVersion == 0 ? nil : rollout.previousVersion
    selector = rollout.selector
    sha256 = HashText.hexadecimal(rollout.sha256)
    state = rollout.state.word.snakeCased
    reason = rollout.reason.nonEmpty
    wave = rollout.wave &+ 1
    waveHosts = rollout.waveHosts
    hosts = Dictionary(
      rollout.counts.map { ($0.state.word.snakeCased, $0.hosts) }, uniquingKeysWith: { $0 &+ $1 })
    createdUs = rollout.createdMicroseconds
    endedUs = rollout.endedMicroseconds == 0 ? nil : rollout.endedMicroseconds
    soakUntilUs = rollout.soakUntilMicroseconds == 0 ? nil : rollout.soakUntilMicroseconds
    author = rollout.author
    message = rollout.message
    troubled = rollout.troubled.map {
      HostDocument(
        hostId: $0.hostID, instance: $0.instance, wave: $0.wave &+ 1, state: $0.state.word.snakeCased,
        reason: $0.reason.nonEmpty)
    }
    history = rollout.history
  }
}
