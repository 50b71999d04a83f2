import GRPC
import Steering
import Wire

/// Who is connected, and what goes to whom.
extension SteeringCore {
  /// A control stream speaks for the host from now on. What came over another connection is over.
  func attached(_ hostID: String, _ stream: UInt64, _ status: ConfigStatus, at now: Moment) {
    streams[hostID] = stream
    endWatch(of: hostID, WatchConfigCall.detached, at: now)
    engine.attached(hostID, status: status, at: now)
  }

  /// A control stream is over; it need not be the one that holds. Without it, what became of a config could not be
  /// heard.
  func detached(_ hostID: String, _ stream: UInt64, _ saidGoodbye: Bool, at now: Moment) {
    guard streams[hostID] == stream else { return }
    streams[hostID] = nil
    endWatch(of: hostID, WatchConfigCall.detached, at: now)
    engine.detached(hostID, saidGoodbye: saidGoodbye, at: now)
  }

  /// A host has opened its Watch. The one it had before is over.
  func began(_ watch: ConfigWatch, _ request: WatchConfigRequest, at now: Moment) {
    guard streams[watch.hostID] == watch.stream else {
      return watch.call.finish(WatchConfigCall.detached)
    }
    endWatch(of: watch.hostID, WatchConfigCall.superseded, at: now)
    watches[watch.hostID] = watch
    engine.watching(watch.hostID, request, at: now)
  }

  private func endWatch(of hostID: String, _ status: Status, at now: Moment) {
    guard let watch = watches.removeValue(forKey: hostID) else { return }
    engine.watchEnded(hostID, at: now)
    watch.call.finish(status)
  }

  /// A Watch is over; it need not be the one that holds.
  func ended(_ watch: ConfigWatch, at now: Moment) {
    guard watches[watch.hostID]?.number == watch.number else { return }
    watches[watch.hostID] = nil
    engine.watchEnded(watch.hostID, at: now)
  }

  /// Sends an offer down the Watch it was made for, unless another has taken its place meanwhile: its config may be
  /// quarantined by now.
  func offer(_ update: ConfigUpdate, to hostID: String, _ watch: UInt64?) {
    guard let open = watches[hostID], open.number == watch, engine.isOffered(update.sha256, to: hostID) else {
      desk?.counters.offersLost.add()
      return
    }
    desk?.counters.offers.add()
    open.call.offer(update)
  }

  /// Tells a host that its config is kept, over the control stream that its frames belong to.
  func confirm(_ sha256: [UInt8], to hostID: String, _ stream: UInt64?) {
    guard let stream, let host = fleet.host(id: hostID), host.send(.configConfirm(sha256), over: stream)
    else {
      return
    }
    desk?.counters.confirms.add()
  }

  /// Shows how a host stands, if that is another now.
  func refreshStanding(of hostID: String) {
    let standing = engine.standing(of: hostID)
    guard standings[hostID] != standing else { return }
    standings[hostID] = standing
    fleet.standingChanged(hostID)
  }

  /// Somebody wants to see a rollout.
  func began(_ watch: RolloutWatch, at now: Moment) {
    rolloutWatches.add(watch, number: watch.number, of: watch.rollout)
    let rollout = engine.rollout(watch.rollout, at: now)
    watch.call.execute { $0.show(rollout) }
  }

  /// Shows rollouts that have moved to those who watch them.
  func tellWatchers(at now: Moment) {
    for (id, watches) in rolloutWatches.takeDue(at: now.instant) {
      let rollout = engine.rollout(id, at: now)
      for watch in watches { watch.call.execute { $0.show(rollout) } }
    }
  }
}
