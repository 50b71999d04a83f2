import Aggregator
import GRPC
import VirtualTime
import Wire

/// The aggregator's end of a connection: its calls, as far as they decide.
final class AggregatorConnection {
  let number: UInt64
  private let process: AggregatorProcess
  private let cable: Cable
  private var control: ControlSession?
  private var stream: UInt64 = 0
  private var isControlOver = false
  private var push: IngestSession?
  private var acknowledgements = Acknowledgements()
  private var isTimerSet = false
  private var watch: (watch: ConfigWatch, outlet: Outlet)?
  private var refusal: Status?

  init(_ process: AggregatorProcess, _ cable: Cable, number: UInt64) {
    self.number = number
    self.process = process
    self.cable = cable
  }

  var host: Int { cable.host }
  private var world: World { process.world }

  func receive(_ parcel: UpwardParcel) {
    switch parcel {
    case .event(let event): receive(event)
    case .controlFinished: endControl(.ok)
    case .watch(let request): open(request)
    case .watchCancelled: endWatch()
    case .pushOpened:
      push?.ended(at: world.moment)
      push = IngestSession(fleet: process.fleet, address: "")
    case .frame(let bytes, let stamp): receive(bytes, stamp)
    case .pushFinished: endPush(.ok)
    }
  }

  /// The connection is gone.
  func lost() {
    guard process.isRunning else { return }
    endWatch()
    push?.ended(at: world.moment)
    push = nil
    endControl(nil)
    process.ended(self)
  }

  /// The process is gone.
  func vanish() {
    watch?.outlet.end()
    cable.cut(silently: false)
  }

  // MARK: Attach

  private func receive(_ event: CollectorEvent) {
    guard !isControlOver else { return }
    if control == nil { openControl() }
    world.witness.heard(event.body, from: host)
    step { session throws(Status) in try session.receive(event, at: world.moment) }
  }

  private func openControl() {
    stream = process.nextNumber()
    let clock = process.clock
    // Sendable unchecked: a run happens on one thread.
    nonisolated(unsafe) weak let connection = self
    let line = ControlLine(token: stream) { message in
      clock.execute { connection?.take(message) }
    }
    control = ControlSession(fleet: process.fleet, address: "", line: line)
    refusal = Status(.failedPrecondition, "not welcomed yet")
  }

  private func take(_ message: ControlLine.Message) {
    guard !isControlOver else { return }
    switch message {
    case .command(let command): send(command)
    case .packed: break
    case .signal(let signal):
      step { session throws(Status) in try session.receive(signal, at: world.moment) }
    }
  }

  private func send(_ command: AggregatorCommand) {
    if case .configConfirm(let sha256) = command {
      world.witness.sends(confirm: sha256, to: host)
      if world.crashesAtSend() { return }
    }
    cable.send(.command(command))
  }

  private func step(_ body: (inout ControlSession) throws(Status) -> [ControlAction]) {
    guard var session = control else { return }
    let wasWelcomed = session.host != nil
    do throws(Status) {
      let actions = try body(&session)
      control = session
      if !wasWelcomed, session.host != nil {
        refusal = nil
        acknowledgements.told()
        world.witness.welcomed(host)
      }
      for action in actions { perform(action) }
      setTimer()
    } catch {
      control = session
      endControl(error)
    }
  }

  private func perform(_ action: ControlAction) {
    switch action {
    case .send(let command): send(command)
    case .output, .result: break
    case .end(let status):
      refusal = status
      endControl(status)
    }
  }

  private func setTimer() {
    guard let deadline = control?.deadline else { return }
    process.clock.schedule(after: deadline - world.timeline.now) { [weak self] in
      guard let self, !self.isControlOver else { return }
      self.step { session throws(Status) in try session.tick(at: self.world.moment) }
    }
  }

  private func endControl(_ status: Status?) {
    guard !isControlOver, control != nil else { return }
    isControlOver = true
    control?.ended(at: world.moment)
    if let status { cable.send(.controlEnded(status)) }
  }

  // MARK: Watch

  private func open(_ request: WatchConfigRequest) {
    guard let speaker = control?.host, refusal == nil, speaker.id == request.hostID else {
      return cable.send(.watchEnded(refusal ?? Status(.failedPrecondition, "not welcomed")))
    }
    let outlet = Outlet(world, cable, process)
    let watch = ConfigWatch(
      number: process.nextNumber(), hostID: request.hostID, stream: stream, call: outlet)
    self.watch = (watch, outlet)
    world.witness.watches(host, failed: request.failedSHA256)
    process.desk.began(watch, request)
  }

  /// The Watch ends, and nothing else.
  func breakWatch() {
    guard watch != nil else { return }
    endWatch()
    cable.send(.watchEnded(Status(.unavailable, "reset")))
  }

  private func endWatch() {
    guard let watch else { return }
    self.watch = nil
    watch.outlet.end()
    process.desk.ended(watch.watch)
  }

  // MARK: Push

  private func receive(_ bytes: [UInt8], _ stamp: [UInt8]) {
    guard let push else { return }
    if let refusal { return endPush(refusal) }
    do throws(Status) {
      let speaker = control?.host
      let now = world.moment
      let receipt = try bytes.withUnsafeBytes { bytes in
        Result { () throws(Status) in try push.receive(bytes, speaker: speaker, at: now) }
      }.get()
      if !receipt.isDuplicate { world.witness.arrived(stamp: stamp, from: host) }
      acknowledge(
        acknowledgements.received(
          epoch: receipt.epoch, sequence: receipt.highest, at: world.timeline.now))
    } catch {
      endPush(error)
    }
  }

  private func endPush(_ status: Status) {
    guard let push else { return }
    self.push = nil
    push.ended(at: world.moment)
    cable.send(.pushEnded(status))
  }

  private func acknowledge(_ acknowledge: Acknowledge?) {
    if let acknowledge, control?.host != nil { cable.send(.command(.acknowledge(acknowledge))) }
    guard !isTimerSet, let deadline = acknowledgements.deadline else { return }
    isTimerSet = true
    process.clock.schedule(after: deadline - world.timeline.now) { [weak self] in
      guard let self else { return }
      self.isTimerSet = false
      self.acknowledge(self.acknowledgements.due(at: self.world.timeline.now))
    }
  }
}
