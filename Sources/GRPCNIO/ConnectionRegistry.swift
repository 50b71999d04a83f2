import GRPC
import NIOCore
import Synchronization

/// A server's open connections: how many there may be, how they are reached, when the last is gone.
final class ConnectionRegistry: Sendable {
  /// Lines a second about connections that failed to open; the rest is counted.
  static let failureLinesPerSecondMaximum = 10

  fileprivate struct State {
    var channels: AdmittedConnections<any Channel>
    var counters = ServerCounters()
    var isDraining = false
    var emptied: [EventLoopPromise<Void>] = []
    var failureLines = (second: Int64(0), count: 0)
  }

  private let state: Mutex<State>

  init(_ transport: ServerTransport) {
    state = Mutex(
      State(
        channels: AdmittedConnections(
          maximum: transport.connectionsMaximum, maximumPerAddress: transport.connectionsPerAddressMaximum)))
  }

  var count: Int { state.withLock { $0.channels.count } }
  var counters: ServerCounters { state.withLock { $0.counters } }

  /// Takes a new connection in, until `remove`, or says that there is no room (or a drain has begun).
  func admit(_ channel: any Channel) -> Bool {
    let id = ObjectIdentifier(channel)
    let admission = state.withLock { $0.admit(channel, id) }
    switch admission {
    case .refusedOverLimit, .refusedForAddress: return false
    case .inPlaceOf(let oldest): oldest.close(mode: .all, promise: nil)
    case .admitted: break
    }
    return true
  }

  /// Counts an opening's outcome. True when a failure may be logged.
  func record(_ outcome: OpeningOutcome, of id: ObjectIdentifier, at now: Instant) -> Bool {
    state.withLock { state in
      guard case .failed(let failure, _) = outcome else {
        state.channels.opened(id)
        state.counters.opened += 1
        return false
      }
      state.counters.count(failure)
      let second = now.nanoseconds / 1_000_000_000
      if state.failureLines.second != second { state.failureLines = (second, 0) }
      guard state.failureLines.count < Self.failureLinesPerSecondMaximum else {
        state.counters.unloggedFailures += 1
        return false
      }
      state.failureLines.count += 1
      return true
    }
  }

  /// Admits nobody any more and tells every connection to finish; `emptied` succeeds when the last is gone.
  func drain(_ emptied: EventLoopPromise<Void>) {
    let channels = state.withLock { state in
      state.isDraining = true
      if !state.channels.isEmpty { state.emptied.append(emptied) }
      return state.channels.all
    }
    if channels.isEmpty { emptied.succeed() }
    for channel in channels {
      channel.triggerUserOutboundEvent(GRPCConnectionHandler.Command.windDown, promise: nil)
    }
  }

  /// Closes what is left.
  func abort() {
    let channels = state.withLock { state in
      state.counters.aborted += state.channels.count
      return state.channels.all
    }
    for channel in channels {
      channel.triggerUserOutboundEvent(GRPCConnectionHandler.Command.abort, promise: nil)
    }
  }

  /// A connection is gone; what it has counted is kept before anybody hears of it.
  func remove(_ id: ObjectIdentifier, counted: ConnectionCounters) {
    let waiting = state.withLock { state -> [EventLoopPromise<Void>] in
      state.counters.ended.add(counted)
      state.channels.remove(id)
      guard state.channels.isEmpty else { return [] }
      defer { state.emptied = [] }
      return state.emptied
    }
    for promise in waiting { promise.succeed() }
  }
}

extension ConnectionRegistry.State {
  fileprivate mutating func admit(
    _ channel: any Channel, _ id: ObjectIdentifier
  ) -> AdmittedConnections<any Channel>.Admission {
    counters.accepted += 1
    let admission: AdmittedConnections<any Channel>.Admission =
      isDraining ? .refusedOverLimit : channels.admit(channel, id, from: PeerAddress(channel.remoteAddress))
    switch admission {
    case .refusedOverLimit: counters.refusedOverLimit += 1
    case .refusedForAddress: counters.refusedForAddress += 1
    case .inPlaceOf: counters.displaced += 1
    case .admitted: break
    }
    return admission
  }
}
