import GRPC
import Wire

/// A rollout that is not over: what is remembered of it, its hosts, and its clocks.
struct RolloutUnderWay: Sendable {
  /// What is remembered.
  var stored: StoredRollout
  /// Its hosts by id.
  private(set) var parts: [String: RolloutPart]
  /// By wave.
  private(set) var tallies: [WaveTally] = []
  /// How many hosts of waves begun are in each state.
  private(set) var counts: [ConfigState: Int] = [:]

  /// It does not move before: after a restart hosts need time to come back.
  var movesFrom: Instant
  /// When the wave began; nil: before a restart.
  var waveBegan: Instant?
  /// When the soak under way is over.
  var soakUntil: Instant?
  /// What was left of the soak when it was paused.
  var soakLeft: Duration?
  /// Going back: when it is given up to wait for hosts.
  var backUntil: Instant?
  /// Going back: hosts that can be reached and are not back yet.
  var notBack: Set<String> = []
  /// No host's time is up before.
  private var firstDeadline = Instant.distantFuture
  /// Something happened that may move it.
  var isDue = true

  init(_ stored: StoredRollout, parts: some Sequence<StoredRolloutHost>, movesFrom: Instant) {
    self.stored = stored
    self.movesFrom = movesFrom
    self.parts = Dictionary(parts.map { ($0.hostID, RolloutPart($0)) }) { first, _ in first }
    tally()
  }

  /// Whether the host is in a wave that has begun.
  func hasBegun(_ hostID: String) -> Bool {
    parts[hostID].map { $0.stored.wave < stored.wavesBegun } ?? false
  }

  /// Whether the host is meant to run the new version.
  func givesNew(to hostID: String) -> Bool {
    stored.state != .rollingBack && hasBegun(hostID)
  }

  /// Whether the last wave has begun.
  var isInLastWave: Bool { Int(stored.wavesBegun) == stored.waveHosts.count }

  /// Changes a host's part, and keeps the counts.
  mutating func update(_ hostID: String, _ body: (inout RolloutPart) -> Void) {
    guard var part = parts[hostID] else { return }
    body(&part)
    replace(part)
  }

  /// Puts a part in the place of what was known of that host, and keeps the counts.
  mutating func replace(_ part: RolloutPart) {
    if let before = parts.updateValue(part, forKey: part.stored.hostID) { count(before, -1) }
    count(part, 1)
    if let deadline = part.deadline, deadline < firstDeadline { firstDeadline = deadline }
  }

  /// Hosts whose time is up, in a lasting order.
  mutating func late(at now: Instant) -> [String] {
    guard firstDeadline <= now else { return [] }
    let deadlines = parts.values.compactMap { part in
      part.isOpen ? part.deadline.map { ($0, part.stored.hostID) } : nil
    }
    firstDeadline = deadlines.map(\.0).filter { $0 > now }.min() ?? .distantFuture
    return deadlines.filter { $0.0 <= now }.map(\.1).sorted()
  }

  /// Adds a host to the last wave: it came while the rollout was under way.
  mutating func add(_ hostID: String) -> StoredRolloutHost {
    let wave = UInt32(max(stored.waveHosts.count, 1) - 1)
    let part = RolloutPart(StoredRolloutHost(hostID: hostID, wave: wave))
    parts[hostID] = part
    count(part, 1)
    if let last = stored.waveHosts.indices.last { stored.waveHosts[last] += 1 }
    return part.stored
  }

  /// Takes a host out; false: it was not in.
  mutating func remove(_ hostID: String) -> Bool {
    guard let part = parts.removeValue(forKey: hostID) else { return false }
    count(part, -1)
    for wave in stored.waveHosts.indices where wave >= part.stored.wave && stored.waveHosts[wave] > 0 {
      stored.waveHosts[wave] -= 1
    }
    notBack.remove(hostID)
    isDue = true
    return true
  }

  /// Puts a host that waits for a later wave into the one under way.
  mutating func advance(_ hostID: String) {
    guard let wave = parts[hostID]?.stored.wave, wave >= stored.wavesBegun, stored.wavesBegun > 0 else {
      return
    }
    let present = stored.wavesBegun - 1
    update(hostID) { $0.stored.wave = present }
    for earlier in stored.waveHosts.indices where earlier >= present && earlier < wave {
      stored.waveHosts[earlier] += 1
    }
  }

  /// Begins the next wave; answers with its hosts, in a lasting order.
  mutating func beginWave(at now: Instant) -> [String] {
    let wave = stored.wavesBegun
    stored.wavesBegun += 1
    (waveBegan, soakUntil) = (now, nil)
    tally()
    return parts.values.filter { $0.stored.wave == wave }.map(\.stored.hostID).sorted()
  }

  /// Adds a line to the history.
  mutating func note(_ line: String) {
    stored.history.append(line)
    if stored.history.count > SteeringLimits.rolloutHistory { stored.history.remove(at: 1) }
  }

  private mutating func tally() {
    tallies = Array(repeating: WaveTally(), count: stored.waveHosts.count)
    counts = [:]
    for part in parts.values { count(part, 1) }
  }

  private mutating func count(_ part: RolloutPart, _ sign: Int) {
    let wave = Int(part.stored.wave)
    guard part.stored.wave < stored.wavesBegun, tallies.indices.contains(wave) else { return }
    tallies[wave].add(part, sign)
    counts[part.stored.state, default: 0] += sign
  }
}
