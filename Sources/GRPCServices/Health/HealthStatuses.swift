public import GRPC
internal import Synchronization
public import Wire

/// How each service of a server is, by its full name; the empty name stands for the server as a whole.
///
/// Whoever knows sets, from any thread; `HealthService` answers. A change wakes each loop that watches the service
/// once, however many changes follow before the loop comes to it.
public final class HealthStatuses: Sendable {
  /// Watch calls open at once, unless `init` is told otherwise.
  public static let defaultMaximumWatches = 1000
  /// Of them on one connection: nobody takes all.
  public static let maximumWatchesPerConnection = 10

  private struct Watch {
    let service: String
    let watch: LoopBound<HealthWatch>
    let connection: ObjectIdentifier
    /// Its loop was told of a change, and has not looked since.
    var isWoken = false
  }

  private struct State {
    var statuses: [String: ServingStatus]
    var watches: [ObjectIdentifier: Watch] = [:]
    var refused: UInt64 = 0
    var ending: Status?

    /// Marks the watches to wake for a change of some service, and hands them out.
    mutating func wake(where isConcerned: (String) -> Bool) -> [LoopBound<HealthWatch>] {
      var woken: [LoopBound<HealthWatch>] = []
      for index in watches.indices {
        let watch = watches.values[index]
        guard !watch.isWoken, isConcerned(watch.service) else { continue }
        watches.values[index].isWoken = true
        woken.append(watch.watch)
      }
      return woken
    }
  }

  private let state: Mutex<State>
  private let maximumWatches: Int

  /// The server as a whole and these services, all of one status.
  public init(
    services: some Sequence<String> = [], _ status: ServingStatus = .notServing,
    maximumWatches: Int = HealthStatuses.defaultMaximumWatches
  ) {
    var statuses = ["": status]
    for service in services { statuses[service] = status }
    state = Mutex(State(statuses: statuses))
    self.maximumWatches = maximumWatches
  }

  /// How a service is; nil if it was never set.
  public func status(of service: String) -> ServingStatus? {
    state.withLock { $0.statuses[service] }
  }

  /// Says how a service is, and tells those who watch it. A service that was not known is from now on.
  public func set(_ status: ServingStatus, for service: String = "") {
    let woken = state.withLock { state in
      let former = state.statuses.updateValue(status, forKey: service)
      return former == status ? [] : state.wake { $0 == service }
    }
    // Not under the lock: an executor may run the work at once, and the work asks for the status.
    for watch in woken { watch.execute { $0.tell() } }
  }

  /// Says the same of the server as a whole and of every known service.
  public func setAll(_ status: ServingStatus) {
    let woken = state.withLock { state in
      for service in state.statuses.keys { state.statuses[service] = status }
      let known = state.statuses
      return state.wake { known[$0] != nil }
    }
    for watch in woken { watch.execute { $0.tell() } }
  }

  /// Ends every Watch with a status, and refuses with it those that come later: a server that leaves must not wait
  /// for its watchers. Check is answered as before.
  public func endWatches(_ status: Status) {
    let watches = state.withLock { state in
      state.ending = status
      return state.watches.values.map(\.watch)
    }
    for watch in watches { watch.execute { $0.finish(status) } }
  }

  /// Watch calls open now.
  public var watchCount: Int { state.withLock { $0.watches.count } }

  /// Watch calls refused because there were too many.
  public var refusedWatchCount: UInt64 { state.withLock { $0.refused } }

  // Called by `HealthWatch`, on its loop.

  func add(
    _ watch: HealthWatch, _ bound: LoopBound<HealthWatch>, service: String, on connection: ServerConnection
  ) throws(Status) {
    let connection = ObjectIdentifier(connection)
    let refusal: Status? = state.withLock { state in
      if let ending = state.ending { return ending }
      guard state.watches.count < maximumWatches else {
        state.refused += 1
        return Status(
          .resourceExhausted,
          "\(maximumWatches) calls of Watch are open, which is the limit; use Check, or try again later")
      }
      guard
        state.watches.values.count(where: { $0.connection == connection }) < Self.maximumWatchesPerConnection
      else {
        state.refused += 1
        return Status(
          .resourceExhausted,
          "\(Self.maximumWatchesPerConnection) calls of Watch are open on the connection, which is the limit")
      }
      state.watches[ObjectIdentifier(watch)] = Watch(service: service, watch: bound, connection: connection)
      return nil
    }
    if let refusal { throw refusal }
  }

  func remove(_ watch: HealthWatch) {
    state.withLock { _ = $0.watches.removeValue(forKey: ObjectIdentifier(watch)) }
  }

  /// The status to say now. Changes from here on wake the watch again.
  func newestStatus(of service: String, for watch: HealthWatch) -> ServingStatus {
    state.withLock { state in
      state.watches[ObjectIdentifier(watch)]?.isWoken = false
      return state.statuses[service] ?? .serviceUnknown
    }
  }
}
