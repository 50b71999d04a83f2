import GRPC
import Glibc
import VirtualTime

@testable import Collector
@testable import Link

/// What `Link` is to a collector, without sockets. What comes is kept until the collector looks.
final class SimulatedLink: LinkCarrier, CableEnd {
  private enum State {
    case idle
    case dialing(Cable?, failure: String?)
    case open(Cable, ClientConnection)
  }

  let peer: String? = nil
  let descriptor: Int32 = 0
  private(set) var bytesSent: UInt64 = 0
  private(set) var bytesReceived: UInt64 = 0

  private let timeline: Timeline
  private let network: Network
  private let host: Int
  private let configuration: ClientConfiguration
  private let wake: () -> Void
  private var state = State.idle
  private var attempt = 0
  private var outlet = Outlet()
  private var input: [UInt8] = []
  private var isHungUp = false
  private var isWritable = false

  init(
    _ timeline: Timeline, _ network: Network, host: Int, highWaterBytes: Int, wake: @escaping () -> Void
  ) {
    var configuration = ClientConfiguration()
    configuration.limits.writeHighWaterBytes = highWaterBytes
    configuration.limits.writeLowWaterBytes = min(highWaterBytes / 2, configuration.limits.writeLowWaterBytes)
    self.configuration = configuration
    self.timeline = timeline
    self.network = network
    self.host = host
    self.wake = wake
  }

  var grpc: ClientConnection? { if case .open(_, let grpc) = state { grpc } else { nil } }

  var interest: Int16 {
    switch state {
    case .idle: 0
    case .dialing: Int16(POLLOUT)
    case .open(_, let grpc): Int16(POLLIN) | (grpc.wantsOutput ? Int16(POLLOUT) : 0)
    }
  }

  /// What `poll` would say.
  var revents: Int16 {
    switch state {
    case .idle, .dialing(nil, nil): 0
    case .dialing: Int16(POLLOUT)
    case .open: (input.isEmpty && !isHungUp ? 0 : Int16(POLLIN)) | (isWritable ? Int16(POLLOUT) : 0)
    }
  }

  var nextDeadline: Instant? { grpc?.nextDeadline }

  func open(at now: Instant) {
    guard case .idle = state else { return }
    state = .dialing(nil, failure: nil)
    attempt += 1
    let attempt = attempt
    network.connect(from: host) { [weak self] cable, reason in
      // Whoever gave up meanwhile does not know of the connection that came about.
      guard let self, self.attempt == attempt, case .dialing = self.state else {
        cable?.close(from: .client)
        return
      }
      cable?.attach(self, to: .client)
      self.state = .dialing(cable, failure: cable == nil ? reason : nil)
      self.wake()
    }
  }

  func handle(revents: Int16, at now: Instant) -> LinkEvent? {
    switch state {
    case .idle, .dialing(nil, nil): return nil
    case .dialing(nil, let failure?):
      state = .idle
      return .failed(LinkError(.unreachable, failure))
    case .dialing(let cable?, _):
      outlet = Outlet()
      let grpc = ClientConnection(
        configuration: configuration, authority: "aggregator:7600", scheme: "http", at: now)
      state = .open(cable, grpc)
      return .connected
    case .open(let cable, let grpc):
      return receive(grpc, at: now) ?? send(cable, grpc, at: now)
    }
  }

  func tick(at now: Instant) -> LinkEvent? {
    guard case .open(let cable, let grpc) = state else { return nil }
    grpc.tick(at: now)
    return send(cable, grpc, at: now)
  }

  func flush(at now: Instant) -> LinkEvent? {
    guard case .open(let cable, let grpc) = state else { return nil }
    return send(cable, grpc, at: now)
  }

  func close() {
    if case .open(let cable, let grpc) = state {
      if !grpc.isFinished { grpc.close() }
      _ = outlet.flush(grpc, into: cable, from: .client)
      leave(cable, grpc)
    } else if case .dialing(let cable, _) = state {
      cable?.close(from: .client)
    }
    state = .idle
  }

  /// The process died: its kernel closes the socket, nobody says goodbye.
  func vanish() {
    attempt += 1
    switch state {
    case .open(let cable, _), .dialing(let cable?, _): cable.close(from: .client)
    case .idle, .dialing(nil, _): break
    }
    state = .idle
  }

  private func receive(_ grpc: ClientConnection, at now: Instant) -> LinkEvent? {
    let bytes = input
    input = []
    bytesReceived += UInt64(bytes.count)
    bytes.withUnsafeBytes { if !$0.isEmpty { grpc.receive($0, at: now) } }
    guard isHungUp else { return nil }
    return end(grpc, at: now)
  }

  private func send(_ cable: Cable, _ grpc: ClientConnection, at now: Instant) -> LinkEvent? {
    isWritable = false
    let isAllSent = outlet.flush(grpc, into: cable, from: .client)
    guard isAllSent, grpc.isFinished else { return nil }
    cable.close(from: .client)
    return end(grpc, at: now)
  }

  private func end(_ grpc: ClientConnection, at now: Instant) -> LinkEvent {
    let isFarewell = !grpc.acceptsCalls && grpc.openCallCount == 0
    if case .open(let cable, _) = state { leave(cable, grpc) }
    return .closed(isFarewell ? nil : LinkError(.connectionLost, "connection reset by peer"))
  }

  private func leave(_ cable: Cable, _ grpc: ClientConnection) {
    grpc.connectionLost(at: timeline.now)
    cable.close(from: .client)
    state = .idle
    input = []
    isHungUp = false
    isWritable = false
  }

  // MARK: The cable's end

  func arrived(_ bytes: [UInt8]) {
    input += bytes
    wake()
  }

  func drained() {
    isWritable = true
    wake()
  }

  func hungUp() {
    isHungUp = true
    wake()
  }
}
