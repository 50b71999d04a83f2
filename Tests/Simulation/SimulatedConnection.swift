import GRPC
import VirtualTime

/// The aggregator's side of one connection: what NIO's channel handler is to a `ServerConnection`.
final class SimulatedConnection: CableEnd {
  let grpc: ServerConnection
  private let timeline: Timeline
  private let cable: Cable
  private let over: (SimulatedConnection) -> Void
  private var outlet = Outlet()
  private var isOver = false
  private var isBusy = false
  private var isFlushDue = false
  private var armedFor: Instant?

  init(
    _ timeline: Timeline, _ cable: Cable, router: Router, peer: String,
    over: @escaping (SimulatedConnection) -> Void
  ) {
    self.timeline = timeline
    self.cable = cable
    self.over = over
    grpc = ServerConnection(
      configuration: ServerConfiguration(), router: router, peer: peer, at: timeline.now)
    grpc.onOutputReady = { [weak self] in self?.outputReady() }
    cable.attach(self, to: .server)
    work {}
  }

  func arrived(_ bytes: [UInt8]) {
    work { bytes.withUnsafeBytes { grpc.receive($0, at: timeline.now) } }
  }

  func drained() { work {} }

  func hungUp() { end() }

  func drain() { work { grpc.drain(at: timeline.now) } }

  /// The process died: the socket is closed for it, and nothing runs any more.
  func vanish() {
    isOver = true
    grpc.onOutputReady = nil
    cable.close(from: .server)
  }

  private func outputReady() {
    guard !isBusy, !isFlushDue, !isOver else { return }
    isFlushDue = true
    timeline.after(.zero) { [weak self] in
      self?.isFlushDue = false
      self?.work {}
    }
  }

  private func work(_ body: () -> Void) {
    guard !isOver else { return }
    isBusy = true
    body()
    let isAllSent = outlet.flush(grpc, into: cable, from: .server)
    isBusy = false
    if isAllSent, grpc.isFinished { return end() }
    arm()
  }

  private func arm() {
    guard let due = grpc.nextDeadline, armedFor.map({ due < $0 }) ?? true else { return }
    armedFor = due
    timeline.at(due) { [weak self] in
      guard let self, self.armedFor == due else { return }
      self.armedFor = nil
      self.work { self.grpc.tick(at: self.timeline.now) }
    }
  }

  private func end() {
    guard !isOver else { return }
    isOver = true
    grpc.onOutputReady = nil
    grpc.connectionLost(at: timeline.now)
    cable.close(from: .server)
    over(self)
  }
}
