import GRPC
import Glibc

/// One opening of a link: from a name to a connected, verified byte channel.
///
///     resolving ──► connecting ──► handshaking ──► connected
///         │             │  ▲            │
///         ▼             └──┴── next ◄───┘   one address after the other
///      failed ◄──────────── none left
final class Dialer {
  /// What stays the same over all openings of a link.
  struct Plan {
    let target: LinkTarget
    let limits: LinkLimits
    let lookup: @Sendable (LinkTarget) -> Lookup.Answer
    let traffic: Traffic
  }

  enum Outcome {
    case pending
    case connected(any ByteChannel, SocketAddress)
    case failed(LinkError)
  }

  private enum Step {
    case none
    case resolving(Resolution)
    case connecting(Socket)
    case handshaking(TLSChannel, Wait)
  }

  private let plan: Plan
  private let tls: TLSContext?
  private let preferredFamily: Int32?
  /// When everything must be done.
  private let deadline: Instant
  private var step = Step.none
  private var attempts: DialAttempts
  /// When the address being tried has had its time.
  private var attemptDeadline: Instant

  /// A dialer that has not begun. `preferredFamily`: addresses of this family are tried first.
  init(_ plan: Plan, tls: TLSContext?, preferredFamily: Int32?, at now: Instant) {
    self.plan = plan
    self.tls = tls
    self.preferredFamily = preferredFamily
    deadline = now + plan.limits.connectTimeout
    attemptDeadline = deadline
    attempts = DialAttempts(plan.target)
  }

  /// The lookup that has not answered yet: worth keeping for the next dialer when this one is given up.
  var unansweredResolution: Resolution? {
    if case .resolving(let resolution) = step, resolution.answer == nil { resolution } else { nil }
  }

  var descriptor: Int32 {
    switch step {
    case .none: -1
    case .resolving(let resolution): resolution.descriptor
    case .connecting(let socket): socket.descriptor
    case .handshaking(let channel, _): channel.descriptor
    }
  }

  var wait: Wait {
    switch step {
    case .none, .resolving: .readable
    case .connecting: .writable
    case .handshaking(_, let wait): wait
    }
  }

  var nextDeadline: Instant { attemptDeadline }

  /// Begins, with the answer of an earlier lookup of the same name if there is one under way.
  func start(resuming resolution: Resolution?, at now: Instant) -> Outcome {
    if let address = Lookup.numeric(plan.target) {
      attempts.add([address])
      return tryNext(at: now)
    }
    if let resolution {
      step = .resolving(resolution)
      return .pending
    }
    do {
      step = .resolving(try Resolution.start(plan.target, lookup: plan.lookup))
      return .pending
    } catch {
      return .failed(error)
    }
  }

  /// Goes on after `poll` reported something on the descriptor.
  func advance(at now: Instant) -> Outcome {
    switch step {
    case .none: .pending
    case .resolving(let resolution): resolved(resolution, at: now)
    case .connecting(let socket): connected(socket, at: now)
    case .handshaking(let channel, _): handshake(channel, at: now)
    }
  }

  /// Gives up what has taken too long.
  func tick(at now: Instant) -> Outcome {
    guard now >= attemptDeadline else { return .pending }
    switch step {
    case .none:
      return .pending
    case .resolving:
      let time = plan.limits.connectTimeout
      return .failed(LinkError(.timeout, "\(plan.target.host): name not resolved within \(time)"))
    case .connecting:
      return attemptFailed(LinkError(.timeout, "no answer in time"), at: now)
    case .handshaking:
      return attemptFailed(LinkError(.timeout, "no answer to the TLS handshake in time"), at: now)
    }
  }

  private func resolved(_ resolution: Resolution, at now: Instant) -> Outcome {
    switch resolution.answer {
    case nil: return .pending
    case .failure(let error): return .failed(error)
    case .success(let addresses):
      attempts.add(addresses, preferring: preferredFamily)
      return tryNext(at: now)
    }
  }

  private func tryNext(at now: Instant) -> Outcome {
    step = .none
    while let address = attempts.next() {
      guard now < deadline else {
        attempts.failed(LinkError(.timeout, "not tried: no time left"))
        break
      }
      do {
        step = .connecting(try connect(to: address))
        attemptDeadline = attempts.deadline(plan.limits, overall: deadline, at: now)
        return .pending
      } catch {
        attempts.failed(error)
      }
    }
    return .failed(attempts.error)
  }

  private func connect(to address: SocketAddress) throws(LinkError) -> Socket {
    let socket: Socket
    do {
      socket = try Socket(
        for: address, unacknowledgedTimeout: plan.limits.unacknowledgedTimeout, traffic: plan.traffic)
    } catch {
      throw LinkError(.unreachable, error)
    }
    do {
      try socket.connect(to: address)
    } catch {
      throw LinkError(.unreachable, error.reason)
    }
    return socket
  }

  private func connected(_ socket: Socket, at now: Instant) -> Outcome {
    if let failure = socket.pendingFailure("connect") {
      return attemptFailed(LinkError(.unreachable, failure.reason), at: now)
    }
    switch socket.connection {
    case .none: return .pending
    case .itself: return attemptFailed(LinkError(.unreachable, "nobody listens there"), at: now)
    case .peer: break
    }
    guard let tls else { return succeeded(PlainChannel(socket)) }
    do {
      return handshake(try TLSChannel(tls, on: socket, host: plan.target.host), at: now)
    } catch {
      return .failed(error)
    }
  }

  private func handshake(_ channel: TLSChannel, at now: Instant) -> Outcome {
    switch channel.handshake() {
    case .done:
      return succeeded(channel)
    case .blocked(let wait):
      step = .handshaking(channel, wait)
      return .pending
    case .failed(let error):
      return attemptFailed(error, at: now)
    }
  }

  private func succeeded(_ channel: any ByteChannel) -> Outcome {
    step = .none
    guard let address = attempts.current else { return .failed(attempts.error) }
    return .connected(channel, address)
  }

  private func attemptFailed(_ error: LinkError, at now: Instant) -> Outcome {
    attempts.failed(error)
    return tryNext(at: now)
  }
}
