import GRPC
import Logging
import Records
import Steering
import Wire

/// From what the engine decided to what is durable to what is sent.
extension SteeringCore {
  /// Queues what the engine has come to.
  func collect() {
    while let output = engine.takeOutput() {
      var changes = output.changes.map { RecordsChange.steering($0) }
      changes += output.notes.map { .audit(entry(for: $0)) }
      for change in output.changes { count(change) }
      for note in output.notes { log(note) }
      commits.append(
        changes,
        then: output.sends.map { send in
          switch send {
          case .offer(let hostID, _): .send(send, over: watches[hostID]?.number)
          case .confirm(let hostID, _): .send(send, over: streams[hostID])
          case .rolloutMoved, .standingChanged: .send(send, over: nil)
          }
        })
    }
  }

  /// Begins the next transaction, if there is anything to write.
  func beginCommit(at now: Moment) {
    guard let changes = commits.begin(at: now.instant) else { return }
    commitBegan = now.instant
    store.commit(changes) { [weak desk] failure in desk?.post(.committed(failure)) }
  }

  /// The transaction under way is over.
  func committed(_ failure: RecordsFailure?, at now: Moment) {
    guard let failure else {
      if commits.failure != nil { logger.notice("the records can be written again") }
      desk?.counters.commits.add()
      desk?.counters.commitMicroseconds.add(
        UInt64(max(0, (now.instant - commitBegan).saturatedMicroseconds)))
      return follow(commits.succeeded())
    }
    // Said at once, and then about once a minute.
    let count = desk?.counters.commitFailures.add() ?? 0
    if commits.failure == nil || count.isMultiple(of: 60) {
      logger.error(
        "the records cannot be written: configuration stands still until they can",
        metadata: ["reason": "\(failure.message)"])
    }
    commits.failed(failure.message, at: now.instant)
    refuseWaiting(failure.message)
  }

  /// Does what may happen now.
  func follow(_ followUps: [FollowUp]) {
    for followUp in followUps {
      switch followUp {
      case .send(.offer(let hostID, let update), let watch): offer(update, to: hostID, watch)
      case .send(.confirm(let hostID, let sha256), let stream): confirm(sha256, to: hostID, stream)
      case .send(.rolloutMoved(let rollout), _): rolloutWatches.moved(rollout)
      case .send(.standingChanged(let hostID), _): refreshStanding(of: hostID)
      case .answer(let rollout, let then): then(.success(rollout))
      }
    }
  }

  /// Those who wait for an answer are not kept waiting for a disk.
  private func refuseWaiting(_ reason: String) {
    let waiting = commits.takeFollowUps { followUp in
      if case .answer = followUp { return true }
      return false
    }
    for case .answer(_, let then) in waiting {
      then(
        .failure(
          Status(
            .unavailable,
            "the aggregator cannot write its records: \(reason); what was asked for waits, and is begun as soon as it can be written; see the rollouts then"
          )))
    }
  }

  /// The program may end when all is written, or nothing can be.
  func closeIfDone() {
    guard let whenClosed, commits.isIdle || (commits.failure != nil && !commits.isUnderWay) else { return }
    self.whenClosed = nil
    if !commits.isIdle {
      logger.error(
        "ended with changes unwritten",
        metadata: ["changes": "\(commits.count)", "reason": "\(commits.failure ?? "")"])
    }
    whenClosed()
  }

  private func count(_ change: SteeringChange) {
    switch change {
    case .rollout(let rollout) where rollout.isOver: activeRollouts.remove(rollout.id)
    case .rollout(let rollout): activeRollouts.insert(rollout.id)
    case .rolloutForgotten(let id): activeRollouts.remove(id)
    default: break
    }
  }

  private func log(_ note: SteeringNote) {
    logger.log(
      level: note.outcome == "ok" ? .info : .warning, "\(note.summary)",
      metadata: ["action": "\(note.action)", "rollout": "\(note.rollout)", "selector": "\(note.selector)"])
  }
}
