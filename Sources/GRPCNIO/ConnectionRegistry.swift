import GRPC
import NIOCore
import Synchronization

/// A server's open connections: how many there may be, how they are reached, when the last is gone.
final class ConnectionRegistry: Sendable {
  /// Lines a second about connections that failed to open; the rest is counted.
  static let failureLinesPerSecondMaximum = 10

  private struct State {
    var channels: [ObjectIdentifier: any Channel] = [:]
    var counters = ServerCounters()
    var isDraining = false
    var emptied: [EventLoopPromise<Void>] = []
    var failureLines = (second: Int64(0), count: 0)
  }

  private let connectionsMaximum: Int
  private let state = Mutex(State())

  init(connectionsMaximum: Int) {
    self.connectionsMaximum = connectionsMaximum
  }

  var count: Int { state.withLock { $0.channels.count } }
  var counters: ServerCounters { state.withLock { $0.counters } }

  /// Takes a new connection in, or says that there is no room (or a drain has begun).
  func admit(_ channel: any Channel) -> Bool {
    let admitted = state.withLock { state in
      state.counters.accepted += 1
      guard !state.isDraining, state.channels.count < connectionsMaximum else {
        state.counters.refusedOverLimit += 1
        return false
      }
      state.channels[ObjectIdentifier(channel)] = channel
      return true
    }
    if admitted {
      channel.closeFuture.whenComplete { [identifier = ObjectIdentifier(channel)] _ in self.remove(identifier)
      }
    }
    return admitted
  }

  /// Counts an opening's outcome. True when a failure may be logged.
  func record(_ outcome: OpeningOutcome, at now: Instant) -> Bool {
    state.withLock { state in
      guard case .failed(let failure, _) = outcome else {
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
      return Array(state.channels.values)
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
      return Array(state.channels.values)
    }
    for channel in channels {
      channel.triggerUserOutboundEvent(GRPCConnectionHandler.Command.abort, promise: nil)
    }
  }

  private func remove(_ identifier: ObjectIdentifier) {
    let waiting = state.withLock { state -> [EventLoopPromise<Void>] in
      state.channels[identifier] = nil
      guard state.channels.isEmpty else { return [] }
      defer { state.emptied = [] }
      return state.emptied
    }
    for promise in waiting { promise.succeed() }
  }
}
