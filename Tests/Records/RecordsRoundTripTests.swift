import Records
import Steering
import Testing
import Wire

/// What load() should give: the changes applied in memory.
struct Expected {
  var steering = SteeringSnapshot()
  var hosts: [String: StoredHost] = [:]
  var expectations: [String: StoredExpectation] = [:]

  mutating func apply(_ change: RecordsChange) {
    switch change {
    case .steering(let change):
      steering.apply(change)
      // A rollout without hosts has none, whichever way they went.
      steering.rolloutHosts = steering.rolloutHosts.filter { !$0.value.isEmpty }
    case .host(let host): hosts[host.hostID] = host
    case .hostForgotten(let id): hosts[id] = nil
    case .expected(let expectation): expectations[expectation.instance] = expectation
    case .expectationOver(let instance): expectations[instance] = nil
    case .run, .audit: break
    }
  }

  func check(_ loaded: RecordsSnapshot) {
    #expect(loaded.steering == steering)
    #expect(loaded.hosts == hosts.values.sorted { $0.hostID < $1.hostID })
    #expect(loaded.expectations == expectations.values.sorted { $0.instance < $1.instance })
  }
}

@Suite struct RecordsRoundTripTests {
  @Test func aNewFileHoldsNothing() throws {
    let folder = try TemporaryFolder()
    let store = try RecordsStore(path: folder.database)
    defer { store.close() }
    #expect(try store.load() == RecordsSnapshot())
    #expect(try store.load().nextRun == 1)
  }

  /// Every kind of change alone, and once more: written twice it comes to the same.
  @Test func everyChangeComesBack() async throws {
    var random = RandomChanges()
    for _ in 0..<300 {
      let store = try RecordsStore(path: ":memory:")
      var expected = Expected()
      let change = random.change()
      for _ in 0..<2 {
        expected.apply(change)
        #expect(await store.commit([change]) == nil)
        expected.check(try store.load())
      }
      store.close()
    }
  }

  @Test func anySequenceOfChangesComesBackAfterReopening() async throws {
    let folder = try TemporaryFolder()
    var random = RandomChanges()
    var expected = Expected()
    for _ in 0..<30 {
      let store = try RecordsStore(path: folder.database)
      expected.check(try store.load())
      for _ in 0..<10 {
        let changes = (0..<random.number(0...20)).map { _ in random.change() }
        for change in changes { expected.apply(change) }
        #expect(await store.commit(changes) == nil)
      }
      expected.check(try store.load())
      store.close()
    }
    expected.check(try RecordsStore(path: folder.database).load())
  }

  @Test func aQuarantinedConfigSaidAgainIsTheNewest() async throws {
    let store = try RecordsStore(path: ":memory:")
    let hashes = (0..<3).map { [UInt8](repeating: UInt8($0), count: 32) }
    for hash in hashes + [hashes[0]] {
      #expect(await store.commit([.steering(.quarantinedConfig(sha256: hash, reason: "why"))]) == nil)
    }
    #expect(try store.load().steering.quarantinedConfigs.map(\.sha256) == [hashes[1], hashes[2], hashes[0]])
  }

  @Test func runsComeBackNewestFirstAndTheInterruptedAreClosed() async throws {
    let folder = try TemporaryFolder()
    let finished = StoredRun(
      id: 1, key: "k", command: "ping", selector: "role=web", author: "ada", startedMicroseconds: 10,
      endedMicroseconds: 20, outcome: "ok", summary: "2 of 2 ok")
    let running = StoredRun(id: 2, command: "reload", startedMicroseconds: 30)
    let audit = AuditEntry(id: 7, action: "run.reload", outcome: "running", summary: "1 of 2 ok")
    let store = try RecordsStore(path: folder.database)
    #expect(await store.commit([.run(finished), .run(running), .audit(audit)]) == nil)
    store.close()
    let again = try RecordsStore(path: folder.database)
    defer { again.close() }
    let loaded = try again.load()
    var interrupted = running
    (interrupted.outcome, interrupted.summary) = ("interrupted", "the aggregator ended while it ran")
    #expect(loaded.runs == [interrupted, finished])
    #expect((loaded.nextRun, loaded.nextAudit) == (3, 8))
    let entry = try #require(try await again.audit(ListAuditRequest()).first)
    #expect(entry.outcome == "interrupted")
    #expect(entry.summary == "1 of 2 ok; the aggregator ended while it ran")
    #expect(try again.load() == loaded, "closing is done once")
  }
}
