import GRPC
import Steering
import Synchronization
import TimeSeries
public import Wire

/// One host of the fleet: the only state that several event loops share. Its lock is taken once per frame.
public final class Host: Sendable {
  /// The host's id, for ever.
  public let id: String
  /// Its place in the registry, small and dense; given to another host only after this one was forgotten.
  let number: Int
  private let record: Mutex<HostRecord>

  init(number: Int, identity: HostIdentity, address: String, limits: FleetLimits, at now: Moment) {
    self.id = identity.hostID
    self.number = number
    record = Mutex(HostRecord(identity: identity, address: address, limits: limits, at: now))
  }

  /// Runs `body` with everything known of the host; nobody else sees or changes it meanwhile.
  @inline(__always)
  func withRecord<Result>(_ body: (inout HostRecord) -> Result) -> Result {
    record.withLock { (record: inout HostRecord) in body(&record) }
  }

  /// The state at `now`.
  public func state(at now: Moment) -> HostState {
    withRecord { $0.presence.state(at: now) }
  }

  /// The host as programs and people are told about it.
  public func info(at now: Moment, includingHistory: Bool = true) -> HostInfo {
    withRecord { $0.info(at: now, includingHistory: includingHistory) }
  }
}

extension HostRecord {
  fileprivate func info(at now: Moment, includingHistory: Bool) -> HostInfo {
    var info = HostInfo(hostID: identity.hostID, instance: identity.instance)
    info.labels = identity.labels
    info.bootID = identity.bootID
    info.epoch = identity.epoch
    info.operatingSystem = system.operatingSystem
    info.kernelRelease = system.kernelRelease
    info.architecture = system.architecture
    info.collectorVersion = system.collectorVersion
    info.state = presence.state(at: now)
    info.connectedSinceMicroseconds = presence.connectedSince?.wallMicroseconds ?? 0
    info.lastFrameMicroseconds = presence.lastFrame?.wallMicroseconds ?? 0
    info.lagMicroseconds = lag
    info.clockOffsetMicroseconds = clockOffset
    info.intervalMilliseconds = presence.interval.wholeMilliseconds
    info.series = UInt64(store.presentCount)
    info.frames = frames.fresh
    info.duplicateFrames = frames.duplicates
    info.missingFrames = frames.missing
    info.bufferedFrames = buffered
    info.droppedFrames = dropped
    info.shedding = shedding
    info.goodbyeReason = presence.goodbyeReason ?? ""
    info.address = address
    info.clonedFrom = clonedFrom
    info.forbiddenCommands = forbiddenCommands
    info.configSHA256 = configSHA256 ?? []
    if let standing {
      info.configVersion = standing.version
      info.configState = standing.state
      info.configLabels = standing.configLabels
    }
    guard frames.fresh > 0 else { return info }
    info.vitals = includingHistory ? vitals.vitals : vitals.vitalsWithoutHistory
    return info
  }
}
