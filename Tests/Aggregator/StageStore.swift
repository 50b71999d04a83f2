import GRPC
import Records
import Steering
import Wire

@testable import Aggregator

/// Records that only remember what they were given; they can fail, and take their time.
// Sendable unchecked: a test runs on one thread.
final class StageStore: AuditStore, @unchecked Sendable {
  private(set) var commits: [[RecordsChange]] = []
  /// What every commit fails with.
  var failure: RecordsFailure?
  /// While set, commits wait for `letGo`.
  var isHeld = false
  private var held: [() -> Void] = []

  func commit(_ changes: [RecordsChange], then done: @escaping @Sendable (RecordsFailure?) -> Void) {
    guard !isHeld else {
      held.append { self.commit(changes, then: done) }
      return
    }
    if failure == nil { commits.append(changes) }
    done(failure)
  }

  func letGo() {
    isHeld = false
    let waiting = held
    held = []
    for commit in waiting { commit() }
  }

  func audit(
    _ request: ListAuditRequest, then: @escaping @Sendable (Result<[AuditEntry], RecordsFailure>) -> Void
  ) {
    if let failure { return then(.failure(failure)) }
    let limit = request.limit == 0 ? 100 : Int(request.limit)
    then(.success(Array(entries.values.sorted { $0.id > $1.id }.prefix(limit))))
  }

  /// The audit log, as it would be read.
  var entries: [UInt64: AuditEntry] {
    var entries: [UInt64: AuditEntry] = [:]
    for case .audit(let entry) in commits.joined() { entries[entry.id] = entry }
    return entries
  }

  /// The runs, as they would be read.
  var runs: [UInt64: StoredRun] {
    var runs: [UInt64: StoredRun] = [:]
    for case .run(let run) in commits.joined() { runs[run.id] = run }
    return runs
  }

  /// The hosts, as they would be read.
  var hosts: [String: StoredHost] {
    var hosts: [String: StoredHost] = [:]
    for change in commits.joined() {
      switch change {
      case .host(let host): hosts[host.hostID] = host
      case .hostForgotten(let id): hosts[id] = nil
      default: break
      }
    }
    return hosts
  }
}

/// Steering that only remembers what it was told.
// Sendable unchecked: a test runs on one thread.
final class StageHooks: SteeringHooks, @unchecked Sendable {
  private(set) var heard: [String] = []
  var standings: [String: HostStanding] = [:]

  func hostChanged(_ host: SteeredHost, at now: Moment) {
    let labels = host.labels.map { "\($0.name)=\($0.value)" }.joined(separator: ",")
    heard.append("changed \(host.instance) [\(labels)]\(host.isRetired ? " retired" : "")")
  }

  func hostForgotten(_ hostID: String, at now: Moment) { heard.append("forgotten") }

  func attached(_ hostID: String, stream: UInt64, status: ConfigStatus, at now: Moment) {
    heard.append("attached \(status.state)")
  }

  func detached(_ hostID: String, stream: UInt64, saidGoodbye: Bool, at now: Moment) {
    heard.append("detached\(saidGoodbye ? " with goodbye" : "")")
  }

  func status(_ hostID: String, _ status: ConfigStatus, at now: Moment) {
    heard.append("status \(status.state)")
  }

  func stamped(_ hostID: String, sha256: [UInt8], at now: Moment) {
    heard.append("stamped \(sha256.first.map { "\($0)" } ?? "local")")
  }

  func standing(of hostID: String) -> HostStanding? { standings[hostID] }

  /// What was heard since the last time.
  func news() -> [String] {
    defer { heard = [] }
    return heard
  }
}
