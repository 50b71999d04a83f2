import GRPC
import Settings
import Wire

// What the aggregator wants, and what commands answer.
extension CollectorCore {
  func take(_ delivery: UplinkDelivery, at now: Moment) {
    switch delivery {
    case .run(let command): desk.begin(command, at: now)
    case .cancel(let id): desk.cancel(id, at: now)
    case .confirmed(let sha256): keeper.confirmed(sha256)
    case .offered(let update): keeper.offered(update, at: now)
    case .rekey: rekey(at: now)
    }
  }

  func take(_ event: CommandDesk.Event, at now: Moment) {
    switch event {
    case .output(let output): say(.output(output))
    case .result(let result): say(.result(result))
    case .effect(let effect, let id): perform(effect, for: id, at: now)
    }
  }

  func say(_ event: CollectorEvent.Body) {
    if driver.uplink.isAttached { driver.change { $0.report(event) } }
  }

  private func rekey(at now: Moment) {
    guard let body else { return }
    do {
      let (identity, machine) = try body.makeIdentity(at: now)
      driver.change { $0.become(identity, machine: machine) }
    } catch {
      // Whoever sent us away does so again, and then this is tried again.
      log.noIdentity(error)
    }
  }

  func perform(_ effect: Effect, for id: String, at now: Moment) {
    switch effect {
    case .setResolution(let action): setResolution(action, for: id, at: now)
    case .reconnect:
      leave = .reconnect
      desk.finish(id, .ok, "", output: [], at: now)
    case .shutdown:
      leave = .shutdown
      desk.finish(id, .ok, "", output: [], at: now)
    case .sampleNow, .reload, .logLevel, .plan: body?.perform(effect, for: id, at: now)
    }
  }

  private func setResolution(_ action: SetResolutionAction, for id: String, at now: Moment) {
    guard leases.hold(action, at: now) else {
      return desk.finish(
        id, .failed,
        "\(ResolutionLeases.maximumHolders) others hold this host's resolution already; wait for one to lapse",
        output: [], at: now)
    }
    renewInterval(at: now)
    desk.finish(id, .ok, "", output: [.text(resolutionText(action))], at: now)
  }

  /// `sampling every 1s`, and why it is not what was asked for.
  private func resolutionText(_ action: SetResolutionAction) -> String {
    let text = "sampling every \(DurationText.text(interval))"
    let asked = Duration.milliseconds(action.intervalMilliseconds)
    guard action.intervalMilliseconds > 0, asked != interval else { return text }
    if asked < leases.minimum, interval == leases.minimum {
      return text + ", which is the shortest interval that remote.minimum_interval allows on this host"
    }
    return text + (interval < asked ? ", as another holder wants it" : ", to keep within the budget")
  }
}
