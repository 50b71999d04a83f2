import GRDB
import Glibc
import Testing

@testable import Records

/// One commit of a crash test: hosts that are there together, or not at all.
private func hosts(_ number: Int) -> [RecordsChange] {
  (0..<20).map { .host(StoredHost(hostID: "\(number)-\($0)", instance: "\(number)")) }
}

/// How many commits a file holds; they must be whole, and the first ones.
private func wholeCommits(_ path: String) throws -> Int {
  let store = try RecordsStore(path: path)
  defer { store.close() }
  let loaded = try store.load().hosts
  let counts = Dictionary(grouping: loaded, by: \.instance).mapValues(\.count)
  #expect(counts.values.allSatisfy { $0 == 20 }, "a commit in parts")
  #expect(Set(counts.keys) == Set((0..<counts.count).map(String.init)), "a commit missing in between")
  return counts.count
}

@Suite struct RecordsCrashTests {
  /// A process that is killed while it commits: what was acknowledged is there, the rest whole or not at all.
  @Test(arguments: 1...5) func killedWhileCommitting(round: Int) async throws {
    let folder = try TemporaryFolder()
    let path = folder.path
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String, round = round as Int] in
      let store = try RecordsStore(path: path + "/muster.db")
      let acknowledged = open(path + "/acknowledged", O_WRONLY | O_CREAT, 0o600)
      for number in 0..<100_000 {
        await withCheckedContinuation { (queued: CheckedContinuation<Void, Never>) in
          store.commit(hosts(number)) { failure in
            guard failure == nil else { return }
            Glibc.write(acknowledged, [1], 1)
            // From another thread, so that the writer is somewhere in its next commits.
            if number == round * 7 { Task.detached { kill(getpid(), SIGKILL) } }
          }
          queued.resume()
        }
      }
      // Not reached by whoever was killed.
      store.close()
    }
    let acknowledged = try bytes(of: path + "/acknowledged").count
    #expect(acknowledged > round * 7)
    #expect(try wholeCommits(folder.database) >= acknowledged)
  }

  /// The machine stopped while the log was written: whatever part of it is on the disk, whole commits are
  /// there, in their order, and no fewer with more of the log.
  @Test func aLogCutAnywhere() async throws {
    let folder = try TemporaryFolder()
    let store = try RecordsStore(path: folder.database)
    // The tables go into the file itself, so that the log is about commits alone.
    try await store.writer.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
    for number in 0..<8 { #expect(await store.commit(hosts(number)) == nil) }
    let file = try bytes(of: folder.database)
    let log = try bytes(of: folder.database + "-wal")
    store.close()
    var last = 0
    for length in (0..<40).map({ _ in Int.random(in: 0...log.count) }).sorted() + [log.count] {
      for suffix in ["", "-wal", "-shm"] { unlink(folder.copy + suffix) }
      try write(file, to: folder.copy)
      try write(Array(log[..<length]), to: folder.copy + "-wal")
      let count = try wholeCommits(folder.copy)
      #expect(count >= last)
      last = count
      await Task.yield()
    }
    #expect(last == 8)
  }
}
