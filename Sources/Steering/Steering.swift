// Steering: which host runs which config, and how a new one gets there. Sans-I/O.
//
// Events are methods, each with the time; what follows comes out of `takeOutput`: changes to be made durable,
// then sends, which may happen once the changes are. It reads no clock, opens no file and draws no random number.
//
// Layers. A document belongs to a layer, and a layer to a selector. A host is meant to run the documents of
// all layers that select it, merged; `MergedConfig` is that, with its hash, shared by all hosts with the same
// documents. While a rollout is under way on a layer, hosts of the waves that have begun have the new document
// and the others the present one. So nothing is ever "sent back": a rollout that fails merely ends, and every
// host is brought to what is meant for it, whenever it comes.
//
// Hosts. `course` says what is to be done about one, from what is known, whatever happened before:
//
//      arrived   its frames are stamped with what is meant for it: VERIFIED, and told so (ConfigConfirm)
//      blocked   that failed on it before, or is quarantined: it is never offered to it again; or it was rolled
//                back there: not while its rollout is under way, nor within the next seconds
//      offer     it is there, heads elsewhere, and nothing forbids it: ConfigUpdate
//      wait      it is on its way, away, or its rollout is paused
//
// A host heads for what it was offered on this Watch, else for what it says it works on, else for what it says
// it runs. Hosts that come back are offered the newest, never the history.
//
// Rollouts move at ticks:
//
//      push ──► ┌─────────┐ every host there has a verdict  ┌─────────┐ soak over, last wave   ┌───────────┐
//               │ rolling │ ──────────────────────────────► │ soaking │ ─────────────────────► │ completed │
//               └─────────┘ ◄────────────────────────────── └─────────┘                        └───────────┘
//                 │  ▲  │      soak over: the next wave        │  ▲  │
//                 │  │  │ pause                                │  │  │      pause keeps what is left of
//                 │  │  ▼                                      │  │  ▼      the soak; nothing is offered
//                 │  │ ┌────────────────────────────────────────────────┐
//                 │  └─┤ paused                                         │
//                 │    └────────────────────────────────────────────────┘
//                 │ a gate failed, or abort (from all three)
//                 ▼
//               ┌──────────────┐ every host there runs what it ran before, ┌─────────────┐
//               │ rolling back │ ────────────────────────────────────────► │ rolled back │
//               └──────────────┘ or had its time                           └─────────────┘
//
// A gate that fails quarantines the document, and every config that it became part of: the same content is
// not accepted again, and those hashes are offered to nobody.
//
// After a restart a rollout goes on with its very wave and its verdicts. Hosts get thirty seconds to come back
// before anything moves, and a soak begins anew: nobody has watched meanwhile.
//
// Limits: `SteeringLimits`.
import GRPC
public import Wire

/// Decides which host runs which config, and moves rollouts.
public struct Steering: Sendable {
  /// Every host that is known, or whose records are, by id.
  var hosts: [String: HostRecord] = [:]
  var layers: LayerTable
  var documents: DocumentShelf
  var quarantine: QuarantineList
  var merger = ConfigMerger()
  /// Rollouts that are not over, by id.
  var rollouts: [UInt64: RolloutUnderWay] = [:]
  /// The rollout under way on a layer: there is at most one.
  var rolloutOfLayer: [String: UInt64] = [:]
  /// Rollouts that are over, by id.
  var finished: [UInt64: StoredRollout] = [:]

  /// Hosts that just rolled something back.
  var resting = RestList()

  /// When the last event was.
  var lastEvent: Instant
  /// When rollouts looked at their hosts last.
  var lastTick: Instant

  private var output = SteeringOutput()
  private var movedRollouts: Set<UInt64> = []

  /// Goes on where the snapshot ended. Every known host must then be reported with `hostChanged`.
  public init(restoring snapshot: SteeringSnapshot, at now: Moment) {
    layers = LayerTable(snapshot.layers.values)
    documents = DocumentShelf(snapshot.documents)
    quarantine = QuarantineList(snapshot.quarantinedConfigs)
    (lastEvent, lastTick) = (now.instant, now.instant)
    finished = snapshot.rollouts.filter(\.value.isOver)
    for (hostID, config) in snapshot.hostConfigs {
      hosts[hostID] = HostRecord(config, awaySince: now.instant)
    }
    for (id, stored) in snapshot.rollouts where !stored.isOver {
      restore(stored, snapshot.rolloutHosts[id] ?? [:], at: now.instant)
    }
  }

  /// Takes up a rollout that was under way.
  private mutating func restore(
    _ stored: StoredRollout, _ parts: [String: StoredRolloutHost], at now: Instant
  ) {
    var rollout = RolloutUnderWay(stored, parts: parts.values, movesFrom: now + RolloutDefaults.silence)
    if stored.state == .soaking { rollout.soakUntil = now + stored.plan.soak }
    if stored.state == .rollingBack {
      rollout.backUntil = now + stored.plan.hostTimeout(intervalMilliseconds: 60_000)
    }
    rollouts[stored.id] = rollout
    rolloutOfLayer[stored.selector] = stored.id
    for hostID in parts.keys {
      var record = hosts[hostID] ?? HostRecord(StoredHostConfig(hostID: hostID), awaySince: now)
      record.rollouts = (record.rollouts + [stored.id]).sorted()
      hosts[hostID] = record
    }
  }

  /// What follows from the events so far, in order; nil: nothing.
  public mutating func takeOutput() -> SteeringOutput? {
    output.sends += movedRollouts.sorted().map(SteeringSend.rolloutMoved)
    movedRollouts = []
    guard !output.isEmpty else { return nil }
    defer { output = SteeringOutput() }
    return output
  }
}

/// What follows.
extension Steering {
  /// Notes when an event is.
  mutating func begin(_ now: Moment) { lastEvent = now.instant }

  mutating func change(_ change: SteeringChange) { output.changes.append(change) }

  mutating func send(_ send: SteeringSend) { output.sends.append(send) }

  mutating func emit(_ note: SteeringNote) { output.notes.append(note) }

  /// Something about a rollout is to be looked at again.
  mutating func moved(_ id: UInt64) { movedRollouts.insert(id) }

  /// Remembers a rollout as it stands.
  mutating func store(_ id: UInt64) {
    guard let stored = rollouts[id]?.stored else { return }
    change(.rollout(stored))
    moved(id)
  }

  /// For the audit log: what a rollout did by itself.
  mutating func note(
    _ rollout: StoredRollout, _ action: String, outcome: String = "ok", _ summary: String,
    hosts: [String] = []
  ) {
    let named = hosts.prefix(SteeringLimits.notedHosts).map { hostID in
      AuditHost(
        hostID: hostID, instance: self.hosts[hostID]?.name ?? hostID,
        outcome: rollouts[rollout.id]?.parts[hostID]?.stored.state.word ?? "")
    }
    emit(
      SteeringNote(
        rollout: rollout.id, action: action, selector: rollout.selector, outcome: outcome, summary: summary,
        hosts: named))
  }
}
