internal import GRDB
internal import Synchronization

/// Changes that wait to be written together, and whoever wants to know of it.
struct WaitingCommit: Sendable {
  var changes: [RecordsChange]
  /// Why it will not be written.
  var refusal: RecordsFault?
  var done: @Sendable (RecordsFailure?) -> Void
}

extension RecordsStore {
  /// Writes changes, all of them or none.
  ///
  /// Commits are written in the order of the calls, many in one transaction when they wait.
  ///
  /// - Parameter done: is called on the store's queue when the changes are on the disk (nil), or are not
  ///   going to be; in the order of the calls. It must not call `load` or `close`.
  public func commit(
    _ changes: [RecordsChange], then done: @escaping @Sendable (RecordsFailure?) -> Void
  ) {
    let mustStart = state.withLock { state in
      var commit = WaitingCommit(changes: changes, done: done)
      if state.isClosed {
        commit.refusal = .closed
      } else if !state.waiting.isEmpty,
        state.waitingChanges + changes.count > RecordsLimits.waitingChanges
      {
        commit.refusal = .tooMuchWaiting
        state.counters.refusals += 1
      }
      if commit.refusal != nil { commit.changes = [] }
      state.waitingChanges += commit.changes.count
      state.waiting.append(commit)
      defer { state.isWriting = true }
      return !state.isWriting
    }
    if mustStart { writer.asyncWriteWithoutTransaction { database in self.writeWaiting(database) } }
  }

  /// Writes until nothing waits. On the writer's queue.
  private func writeWaiting(_ database: Database) {
    while let batch = takeBatch() {
      let failures = write(batch, database)
      for (commit, failure) in zip(batch, failures) { commit.done(failure) }
    }
  }

  /// What the next transaction holds; nil: nothing waits.
  private func takeBatch() -> [WaitingCommit]? {
    state.withLock { state in
      var count = 0
      var changes = 0
      for commit in state.waiting {
        guard count == 0 || changes + commit.changes.count <= RecordsLimits.transactionChanges else { break }
        count += 1
        changes += commit.changes.count
      }
      guard count > 0 else {
        state.isWriting = false
        return nil
      }
      let batch = Array(state.waiting.prefix(count))
      state.waiting.removeFirst(count)
      state.waitingChanges -= changes
      return batch
    }
  }

  /// What became of each commit of a batch.
  private func write(_ batch: [WaitingCommit], _ database: Database) -> [RecordsFailure?] {
    let wanted = batch.filter { $0.refusal == nil }
    let isTogether = wanted.count > 1 && attempt(wanted, database) == nil
    return batch.map { commit in
      if let refusal = commit.refusal { return RecordsFailure(refusal, path: path) }
      if isTogether { return nil }
      // Alone, or one of those that together could not be written: one's fault is no other's.
      let failure = attempt([commit], database)
      if failure != nil { state.withLock { $0.counters.failures += 1 } }
      return failure
    }
  }

  /// One transaction.
  private func attempt(_ commits: [WaitingCommit], _ database: Database) -> RecordsFailure? {
    do {
      try database.inTransaction(.immediate) {
        for commit in commits {
          for change in commit.changes { try change.write(database) }
        }
        return .commit
      }
    } catch {
      return RecordsFailure(error, path: path)
    }
    if count(commits) {
      // What is too old stays a while longer when it cannot be removed now; the next time is not far.
      try? database.inTransaction(.immediate) {
        try Retention().apply(database)
        return .commit
      }
    }
    return nil
  }

  /// Counts what was written; true: it is time for retention.
  private func count(_ commits: [WaitingCommit]) -> Bool {
    let changes = commits.lazy.flatMap(\.changes)
    let (all, retained) = (changes.count, changes.reduce(0) { $0 + $1.retained })
    return state.withLock { state in
      state.counters.commits += UInt64(commits.count)
      state.counters.changes += UInt64(all)
      state.counters.transactions += 1
      state.changesSinceRetention += retained
      guard state.changesSinceRetention >= RecordsLimits.changesBetweenRetentions else { return false }
      state.changesSinceRetention = 0
      return true
    }
  }
}
