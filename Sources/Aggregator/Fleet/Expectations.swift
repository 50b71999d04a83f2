import Records
import Synchronization

/// Hosts that an operator says should come, by the name they will have, and that have not come.
final class Expectations: Sendable {
  /// How many there may be.
  static let maximum = 10_000

  private struct State {
    var byInstance: [String: StoredExpectation] = [:]
    var version: UInt64 = 0
  }

  private let state = Mutex(State())

  init() {}

  /// All of them, by name.
  var all: [StoredExpectation] {
    state.withLock { Array($0.byInstance.values) }.sorted { $0.instance < $1.instance }
  }

  var count: Int { state.withLock { $0.byInstance.count } }

  /// Another number after every change.
  var version: UInt64 { state.withLock { $0.version } }

  func contains(_ instance: String) -> Bool { state.withLock { $0.byInstance[instance] != nil } }

  func add(_ expectations: [StoredExpectation]) {
    state.withLock { state in
      for expectation in expectations { state.byInstance[expectation.instance] = expectation }
      state.version += 1
    }
  }

  /// Returns the names that were there.
  @discardableResult
  func remove(_ instances: [String]) -> [String] {
    state.withLock { state in
      guard !state.byInstance.isEmpty else { return [] }
      let removed = instances.filter { state.byInstance.removeValue(forKey: $0) != nil }
      if !removed.isEmpty { state.version += 1 }
      return removed
    }
  }
}
