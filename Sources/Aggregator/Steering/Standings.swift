import Steering
import Synchronization

/// How each host stands with its config, for whoever shows hosts, on any thread.
final class Standings: Sendable {
  private let byHost = Mutex<[String: HostStanding]>([:])

  subscript(hostID: String) -> HostStanding? {
    get { byHost.withLock { $0[hostID] } }
    set { byHost.withLock { $0[hostID] = newValue } }
  }
}
