import GRPC
package import Records
import Synchronization
package import Wire

/// Where the audit log is read, and changes become durable.
package protocol AuditStore: StateStore {
  /// The entries that are asked for, newest first; `then` is called on any thread.
  func audit(
    _ request: ListAuditRequest, then: @escaping @Sendable (Result<[AuditEntry], RecordsFailure>) -> Void)
}

extension RecordsStore: AuditStore {}

/// Who did what, when, to which hosts, with what result. An entry is written together with what it tells of, or
/// before that is begun; one that runs is written again, under its number, when it is over.
package final class AuditLog: Sendable {
  private let store: any AuditStore
  private let lastID: Atomic<UInt64>

  /// - Parameter nextID: the number of the next entry, as the records say.
  package init(store: any AuditStore, nextID: UInt64) {
    self.store = store
    lastID = Atomic(max(1, nextID) - 1)
  }

  /// The number of a new entry. Numbers that are not used leave a hole, and nothing else.
  func nextID() -> UInt64 {
    lastID.wrappingAdd(1, ordering: .relaxed).newValue
  }

  /// A new entry, numbered and timed; the rest is for the caller to fill in. It is not written yet.
  func entry(_ action: String, author: String, address: String, role: Role, at now: Moment) -> AuditEntry {
    AuditEntry(
      id: nextID(), timeMicroseconds: now.wallMicroseconds, author: author, address: address, role: role,
      action: action)
  }

  /// Writes changes and entries, all or none. `then` is called on any thread: `nil`, they are durable; UNAVAILABLE,
  /// nothing was written.
  func commit(_ changes: [RecordsChange], then: @escaping @Sendable (Status?) -> Void) {
    store.commit(changes) { failure in then(failure.map(Status.init)) }
  }

  /// The entries that are asked for, newest first; `then` is called on any thread.
  func list(_ request: ListAuditRequest, then: @escaping @Sendable (Result<[AuditEntry], Status>) -> Void) {
    store.audit(request) { then($0.mapError(Status.init)) }
  }
}

extension Status {
  /// The records cannot be read or written: UNAVAILABLE.
  init(_ failure: RecordsFailure) {
    self.init(.unavailable, "the aggregator's records: \(failure.message)")
  }
}
