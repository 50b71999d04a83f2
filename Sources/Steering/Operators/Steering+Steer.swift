public import GRPC
public import Wire

/// What operators do with a rollout under way.
extension Steering {
  /// Pauses, resumes, aborts or promotes a rollout; answers with the rollout after it.
  ///
  /// Throws NOT_FOUND for an unknown one, FAILED_PRECONDITION for what is not possible where it is.
  public mutating func steer(_ request: SteerRolloutRequest, at now: Moment) throws(Status) -> Rollout {
    begin(now)
    try refuseLong(author: request.author, message: request.message)
    let id = try meant(request.id)
    switch request.action {
    case .pause: try pause(id, request, at: now)
    case .resume: try resume(id, at: now)
    case .abort: try abort(id, request, at: now)
    case .promote: try promote(id, request, at: now)
    case .unknown: throw Status(.invalidArgument, "action: say pause, resume, abort or promote")
    }
    guard let rollout = rollout(id, at: now) else { throw Status(.internalError, "rollout \(id) is gone") }
    return rollout
  }

  /// The rollout that a request means.
  private func meant(_ id: UInt64) throws(Status) -> UInt64 {
    if rollouts[id] != nil { return id }
    if let over = finished[id] {
      throw Status(.failedPrecondition, "rollout \(id) is over: \(over.state.word)")
    }
    guard id == 0 else {
      throw Status(.notFound, "there is no rollout \(id); `muster config status` shows those there are")
    }
    let all = rollouts.keys.sorted()
    guard all.count <= 1 else {
      let names = all.map(String.init).joined(separator: ", ")
      throw Status(.failedPrecondition, "rollouts \(names) are under way; say which")
    }
    guard let only = all.first else { throw Status(.failedPrecondition, "no rollout is under way") }
    return only
  }

  private mutating func pause(_ id: UInt64, _ request: SteerRolloutRequest, at now: Moment) throws(Status) {
    guard let rollout = rollouts[id], rollout.stored.state == .rolling || rollout.stored.state == .soaking
    else {
      throw impossible("pause", id)
    }
    rollouts[id]?.soakLeft = rollout.soakUntil.map { max($0 - now.instant, .zero) }
    rollouts[id]?.soakUntil = nil
    rollouts[id]?.stored.pausedFrom = rollout.stored.state
    rollouts[id]?.stored.state = .paused
    let reason = by("paused", request)
    rollouts[id]?.stored.reason = reason
    rollouts[id]?.note(reason)
    store(id)
  }

  private mutating func resume(_ id: UInt64, at now: Moment) throws(Status) {
    guard let rollout = rollouts[id], rollout.stored.state == .paused else { throw impossible("resume", id) }
    rollouts[id]?.stored.state = rollout.stored.pausedFrom == .soaking ? .soaking : .rolling
    if rollout.stored.pausedFrom == .soaking {
      rollouts[id]?.soakUntil = now.instant + (rollout.soakLeft ?? rollout.stored.plan.soak)
    }
    rollouts[id]?.soakLeft = nil
    rollouts[id]?.stored.pausedFrom = .unknown
    rollouts[id]?.stored.reason = ""
    rollouts[id]?.note("resumed")
    rollouts[id]?.isDue = true
    store(id)
    for hostID in rollout.parts.keys.sorted() where rollout.hasBegun(hostID) {
      // Hosts get their whole time again: while it was paused nothing was offered.
      rollouts[id]?.update(hostID) { ($0.deadline, $0.excess) = (nil, nil) }
      reconcile(hostID, at: now)
    }
  }

  private mutating func abort(_ id: UInt64, _ request: SteerRolloutRequest, at now: Moment) throws(Status) {
    guard rollouts[id]?.stored.state != .rollingBack else { throw impossible("abort", id) }
    goBack(id, reason: by("aborted", request), quarantining: false, at: now)
  }

  private mutating func promote(_ id: UInt64, _ request: SteerRolloutRequest, at now: Moment) throws(Status) {
    guard rollouts[id]?.stored.state == .soaking else { throw impossible("promote", id) }
    rollouts[id]?.soakUntil = now.instant
    let line = by("promoted", request)
    rollouts[id]?.note(line)
    rollouts[id]?.isDue = true
    store(id)
  }

  private func impossible(_ action: String, _ id: UInt64) -> Status {
    let state = rollouts[id]?.stored.state ?? .unknown
    let hint =
      switch (action, state) {
      case ("promote", .rolling): "; its wave is not verified yet, so there is no soak to end"
      case ("promote", .paused): "; resume it first"
      case (_, .rollingBack): "; it cannot be stopped on its way back"
      default: ""
      }
    return Status(.failedPrecondition, "rollout \(id) is \(state.word): \(action) is not possible\(hint)")
  }

  private func by(_ what: String, _ request: SteerRolloutRequest) -> String {
    let author = request.author.isEmpty ? "" : " by \(request.author)"
    return "\(what)\(author)\(request.message.isEmpty ? "" : ": \(request.message)")"
  }
}
