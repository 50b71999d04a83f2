import GRPC
import Wire

// What the keeper decides, and the interval that settings, leases and budget come to.
extension CollectorCore {
  func perform(_ action: ConfigAction, at now: Moment) {
    switch action {
    case .persist(let record):
      do throws(BodyFailure) {
        try body?.persist(record)
        keeper.persisted()
      } catch {
        log.notPersisted(error)
        keeper.persistFailed(error.description, at: now)
      }
    case .apply(let settings, let sha256):
      if let failure = put(settings, sha256: sha256, at: now) {
        keeper.applyFailed(failure.description, at: now)
      } else {
        keeper.applied(nextFrame: driver.uplink.nextSequence, at: now)
      }
    case .say(let status):
      log.write(status)
      let standing = keeper.standing
      driver.change { $0.configStands(standing) }
      say(.configStatus(status))
    }
  }

  /// Makes settings hold, less what is shed. The next frame says so at once: the aggregator waits for it.
  @discardableResult
  func put(_ settings: EffectiveSettings, sha256: [UInt8], at now: Moment) -> BodyFailure? {
    do throws(BodyFailure) {
      try body?.apply(shedding.settings(settings), at: now)
    } catch {
      log.notApplied(error)
      return error
    }
    wantsFrame = wantsFrame || sha256 != stamp
    self.settings = settings
    stamp = sha256
    driver.change {
      $0.resizeRing(settings.buffer)
      $0.heartbeatsChanged(interval: settings.heartbeatInterval, at: now)
    }
    renewInterval(at: now)
    return nil
  }

  /// Samples as often as settings, leases and budget want it together.
  func renewInterval(at now: Moment) {
    let wanted = shedding.interval(leases.interval(configured: settings.interval, at: now))
    guard wanted != interval else { return }
    interval = wanted
    driver.change { $0.samplingChanged(interval: wanted, at: now) }
    body?.sampleEvery(wanted, at: now)
  }
}
