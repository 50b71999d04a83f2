import GRPC
import Wire

// What a welcomed collector says.
extension ControlSession {
  /// Notes an event's number. Whether events are missing before it.
  mutating func number(_ sequence: UInt64) throws(Status) -> Bool {
    guard sequence > 0 else { return false }
    let last = self.sequence
    guard sequence > last else {
      throw Status(
        .invalidArgument, "event \(sequence) after event \(last): events of a control stream count upwards")
    }
    self.sequence = sequence
    guard last > 0, sequence > last + 1 else { return false }
    fleet.counters.eventsMissing.add(sequence - last - 1)
    return true
  }

  mutating func take(_ body: CollectorEvent.Body, at now: Moment) throws(Status) -> [ControlAction] {
    switch body {
    case .hello(let hello):
      try report(hello, at: now)
      return []
    case .heartbeat(let heartbeat):
      note(heartbeat)
      return [
        .send(.heartbeat(HeartbeatReply(id: heartbeat.id, wallTimeMicroseconds: now.wallMicroseconds)))
      ]
    case .goodbye(let goodbye):
      part(goodbye)
      return []
    case .output(let output):
      return [.output(output)]
    case .result(let result):
      return [.result(result)]
    case .configStatus(let status):
      if let host, isController { fleet.hooks?.status(host.id, status, at: now) }
      return []
    case .probeReply(let id):
      answerProbe(id)
      return []
    }
  }

  /// Hello once more, in full.
  private func report(_ hello: Hello, at now: Moment) throws(Status) {
    guard let host else { return }
    guard hello.hostID == host.id, hello.epoch == epoch, hello.bootID == bootID else {
      throw Status(
        .failedPrecondition,
        "Hello may be said again, but not as another host, boot or epoch; open another control stream for that"
      )
    }
    try HostIdentity(hello).check()
    let isChanged: Bool? = host.withRecord { record in
      record.controller === line ? record.takeOver(hello, address: address, isOwn: isOwn) : nil
    }
    guard let isChanged else { return }
    fleet.announce(host, isNew: false, isChanged: isChanged, at: now)
    if !isOwn { fleet.hooks?.status(host.id, hello.configStatus, at: now) }
  }

  private func note(_ heartbeat: Heartbeat) {
    host?.withRecord { record in
      guard record.controller === line else { return }
      record.buffered = heartbeat.framesBuffered
      record.dropped = heartbeat.framesDropped
      record.shedding = heartbeat.shedding
      record.presence.adopt(interval: heartbeat.intervalMilliseconds)
      if heartbeat.roundTripMicroseconds > 0 { record.clockOffset = heartbeat.clockOffsetMicroseconds }
    }
  }

  private mutating func part(_ goodbye: Goodbye) {
    state = .parted
    guard let host else { return }
    host.withRecord { record in
      guard record.controller === line else { return }
      record.presence.goodbyeReason = goodbye.reason
    }
    fleet.unsaved.mark(host.id)
    fleet.bus.moved(host.number)
  }

  /// This stream is alive: whoever had it probed is a clone.
  private func answerProbe(_ id: UInt64) {
    let asker: ControlLine? = host?.withRecord { record in
      guard record.controller === line,
        let index = record.contestants.firstIndex(where: { $0.probe == id })
      else { return nil }
      return record.contestants.remove(at: index).line
    }
    asker?.tell(.signal(.probeAnswered(id)))
  }
}

extension CollectorEvent.Body {
  var isHello: Bool {
    if case .hello = self { true } else { false }
  }
}
