import Synchronization

/// What has changed in the fleet since it was last written down: names only, so that a host which changes a hundred
/// times is written once. Empty for as long as nobody writes it down (`begin`).
final class UnsavedHosts: Sendable {
  /// What there is to write.
  struct Changes: Sendable {
    /// By id: hosts that changed or were forgotten.
    var hosts: Set<String> = []
    /// Expected hosts that have come, by instance.
    var met: Set<String> = []

    var isEmpty: Bool { hosts.isEmpty && met.isEmpty }
  }

  private let state = Mutex<Changes?>(nil)

  init() {}

  /// From now on there is somebody who takes them.
  func begin() {
    state.withLock { $0 = $0 ?? Changes() }
  }

  func mark(_ hostID: String) {
    state.withLock { _ = $0?.hosts.insert(hostID) }
  }

  func markMet(_ instance: String) {
    state.withLock { _ = $0?.met.insert(instance) }
  }

  /// Everything since the last time.
  func take() -> Changes {
    state.withLock { state in
      guard let changes = state else { return Changes() }
      state = Changes()
      return changes
    }
  }

  /// They could not be written: they are to be tried again.
  func putBack(_ changes: Changes) {
    state.withLock { state in
      state?.hosts.formUnion(changes.hosts)
      state?.met.formUnion(changes.met)
    }
  }
}
