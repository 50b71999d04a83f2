import Dispatch
import GRDB
import Steering
import Synchronization
import Testing
import Wire

@testable import Records

/// What cannot be written into a store that refuses it.
private let impossible = RecordsChange.expected(StoredExpectation(instance: "impossible"))

extension RecordsStore {
  fileprivate func refuseTheImpossible() throws {
    try writer.write { database in
      try database.execute(
        sql: """
          CREATE TRIGGER refuse BEFORE INSERT ON expectations WHEN NEW.instance = 'impossible'
          BEGIN SELECT RAISE(ABORT, 'this is not possible'); END
          """)
    }
  }
}

private func expected(_ number: Int) -> RecordsChange {
  .expected(StoredExpectation(instance: "host-\(number)"))
}

@Suite struct RecordsCommitTests {
  @Test func answersComeInTheOrderOfTheCalls() async throws {
    let folder = try TemporaryFolder()
    let store = try RecordsStore(path: folder.database)
    defer { store.close() }
    let answered = Mutex<[Int]>([])
    let count = 2000
    await withCheckedContinuation { (waiting: CheckedContinuation<Void, Never>) in
      for number in 1...count {
        store.commit([expected(number)]) { failure in
          #expect(failure == nil)
          answered.withLock { $0.append(number) }
          if number == count { waiting.resume() }
        }
      }
    }
    #expect(answered.withLock { $0 } == Array(1...count))
    #expect(try store.load().expectations.count == count)
    // Those that waited for a sync shared the next one.
    let counters = store.counters
    #expect(counters.commits == UInt64(count) && counters.changes == UInt64(count))
    #expect(counters.transactions < UInt64(count) / 2)
  }

  @Test func oneThatFailsIsNoOthersFault() async throws {
    let folder = try TemporaryFolder()
    let store = try RecordsStore(path: folder.database)
    defer { store.close() }
    try store.refuseTheImpossible()
    let failed = Mutex<[Int]>([])
    await withCheckedContinuation { (waiting: CheckedContinuation<Void, Never>) in
      for number in 1...100 {
        let changes = number % 10 == 0 ? [expected(number), impossible] : [expected(number)]
        store.commit(changes) { failure in
          if failure != nil { failed.withLock { $0.append(number) } }
          if number == 100 { waiting.resume() }
        }
      }
    }
    #expect(failed.withLock { $0 } == Array(stride(from: 10, through: 100, by: 10)))
    let loaded = Set(try store.load().expectations.map(\.instance))
    #expect(loaded == Set((1...100).filter { $0 % 10 != 0 }.map { "host-\($0)" }))
    #expect(store.counters.failures == 10 && store.counters.commits == 90)
  }

  @Test func allOfACommitOrNothing() async throws {
    let store = try RecordsStore(path: ":memory:")
    try store.refuseTheImpossible()
    let failure = try #require(await store.commit([expected(1), impossible, expected(2)]))
    #expect(failure.message.contains("this is not possible"), "\(failure)")
    #expect(try store.load().expectations.isEmpty)
    #expect(await store.commit([expected(1)]) == nil)
    #expect(try store.load().expectations.count == 1)
  }

  @Test func nothingIsAGoodCommit() async throws {
    let store = try RecordsStore(path: ":memory:")
    #expect(await store.commit([]) == nil)
  }

  @Test func tooMuchWaitingIsRefused() async throws {
    let store = try RecordsStore(path: ":memory:")
    let many = [RecordsChange](repeating: expected(1), count: RecordsLimits.waitingChanges)
    let answers = Mutex<[String]>([])
    let queued = DispatchSemaphore(value: 0)
    // Holds up the writer until everything else is queued.
    store.commit([]) { _ in queued.wait() }
    await withCheckedContinuation { (waiting: CheckedContinuation<Void, Never>) in
      for changes in [many, [expected(2)], []] {
        store.commit(changes) { failure in answers.withLock { $0.append(failure?.message ?? "done") } }
      }
      store.commit([]) { _ in waiting.resume() }
      queued.signal()
    }
    let refusal = "200000 changes wait to be written already; the disk is too slow, or stuck"
    #expect(answers.withLock { $0 } == ["done", ":memory:: \(refusal)", "done"])
    #expect(store.counters.refusals == 1)
    #expect(try store.load().expectations.map(\.instance) == ["host-1"])
    #expect(await store.commit([expected(3)]) == nil)
  }

  @Test func afterClosingEverythingIsRefused() async throws {
    let folder = try TemporaryFolder()
    for path in [folder.database, ":memory:"] {
      let store = try RecordsStore(path: path)
      #expect(await store.commit([expected(1)]) == nil)
      store.close()
      #expect(await store.commit([expected(2)])?.message == "\(path): is closed")
      await #expect(throws: RecordsFailure.self) { try await store.audit(ListAuditRequest()) }
      #expect(throws: RecordsFailure.self) { try store.load() }
      store.close()
    }
  }

  /// The disk has no room for a while.
  @Test func aFullDiskFailsCommitsUntilThereIsRoom() async throws {
    let folder = try TemporaryFolder()
    let store = try RecordsStore(path: folder.database, maximumBytes: 512 << 10)
    defer { store.close() }
    func document(_ version: UInt64) -> RecordsChange {
      .steering(
        .document(ConfigDocument(version: version, yaml: String(repeating: "x", count: 32 << 10))))
    }
    var kept = 0
    var failure: RecordsFailure?
    while failure == nil, kept < 100 {
      failure = await store.commit([document(UInt64(kept) + 1), expected(kept + 1)])
      if failure == nil { kept += 1 }
    }
    #expect(failure?.message.hasPrefix("\(folder.database): cannot grow: the disk is full") == true)
    #expect((5..<16).contains(kept))
    // Nothing of the one that failed is there, and reading goes on.
    #expect(try store.load().steering.documents.count == kept)
    #expect(try store.load().expectations.count == kept)
    #expect(await store.commit([document(1000)]) != nil)
    #expect(await store.commit([.steering(.documentForgotten(version: 1))]) == nil)
    #expect(await store.commit([document(1000)]) == nil)
    #expect(try store.load().steering.documents.keys.contains(1000))
  }
}
