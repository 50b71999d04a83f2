import Collector
import GRPC
import VirtualTime
import Wire

/// Its connection: what comes over it, and what the uplink wants done with it.
extension CollectorProcess {
  func receive(_ parcel: DownwardParcel, from cable: Cable) {
    happen { process in
      guard cable === process.cable else { return }
      process.take(parcel)
    }
  }

  func lost(_ reason: String, _ cable: Cable) {
    happen { process in
      guard cable === process.cable else { return }
      process.cable = nil
      process.isPushOpen = false
      process.uplink.linkClosed(reason, at: process.now)
    }
  }

  private func take(_ parcel: DownwardParcel) {
    switch parcel {
    case .command(let command): uplink.received(command, at: now)
    case .update(let update): uplink.received(update, at: now)
    case .controlEnded(let status): uplink.controlEnded(status, at: now)
    case .watchEnded(let status): uplink.watchEnded(status, at: now)
    case .pushEnded(let status):
      isPushOpen = false
      uplink.pushEnded(status, at: now)
    case .goingAway: uplink.goingAway(at: now)
    }
  }

  private func connect() {
    attempts += 1
    let attempt = attempts
    world.timeline.after(world.chance.duration(world.weather.latency)) { [weak self] in
      self?.happen { process in
        guard attempt == process.attempts else { return }
        process.connected()
      }
    }
  }

  private func connected() {
    guard machine.isReachable, let aggregator = world.aggregator, aggregator.isRunning else {
      world.journal.note(machine.index, .isUnreachable)
      return uplink.linkFailed("unreachable", at: now)
    }
    world.journal.note(machine.index, .connects)
    endedAfter = nil
    let cable = Cable(world, host: machine.index)
    cable.collector = self
    self.cable = cable
    aggregator.accept(cable)
    uplink.linkConnected(at: now)
  }

  func sendFrames() {
    while isPushOpen, let cable, isAlive {
      var frame: [UInt8] = []
      let first = firstOfStream
      guard
        uplink.takeFrame(
          descriptors: SelfFrames.descriptors, scratch: &scratch, at: now, { frame = Array($0) })
      else { return }
      let sequence = sentSequence.map { $0 + 1 } ?? first
      sentSequence = sequence
      cable.send(.frame(frame, stamp: frames.stamp(of: sequence)))
    }
  }

  /// The frame that opens the next stream: the oldest, or the one that begins a dictionary behind the stream before it.
  private var firstOfStream: UInt64 {
    let oldest = uplink.ring.firstSequence
    guard let endedAfter, endedAfter >= oldest, uplink.ring.beginsDictionary(at: endedAfter + 1) else {
      return oldest
    }
    return endedAfter + 1
  }

  func perform(_ action: UplinkAction) {
    switch action {
    case .connect: connect()
    case .openControl(let hello): cable?.send(.event(CollectorEvent(sequence: 1, body: .hello(hello))))
    case .sendControl(let event): cable?.send(.event(event))
    case .finishControl: cable?.send(.controlFinished)
    case .openWatch(let request): cable?.send(.watch(request))
    case .closeWatch: cable?.send(.watchCancelled)
    case .openPush:
      isPushOpen = true
      sentSequence = nil
      cable?.send(.pushOpened)
    case .finishPush:
      isPushOpen = false
      endedAfter = sentSequence
      cable?.send(.pushFinished)
    case .closeLink:
      attempts += 1
      isPushOpen = false
      cable?.closeByCollector()
      cable = nil
    case .deliver(let delivery): deliveries.append(delivery)
    case .report: break
    case .stopped:
      die()
      machine.stopped()
    }
  }
}
