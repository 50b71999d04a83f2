import GRDB
import Glibc
import Testing

@testable import Records

private func mode(_ path: String) -> mode_t {
  var status = stat()
  return stat(path, &status) == 0 ? status.st_mode & 0o777 : 0
}

/// A file with something in it.
private func filled() async throws -> TemporaryFolder {
  let folder = try TemporaryFolder()
  let store = try RecordsStore(path: folder.database)
  for number in 0..<50 {
    let labels = String(repeating: "x", count: 500)
    #expect(
      await store.commit([.host(StoredHost(hostID: "host-\(number)", instance: "i", address: labels))]) == nil
    )
  }
  store.close()
  return folder
}

@Suite struct RecordsFileTests {
  @Test func onlyItsOwnerMayRead() async throws {
    let folder = try TemporaryFolder()
    // Made by somebody careless.
    try write([], to: folder.database)
    chmod(folder.database, 0o644)
    let store = try RecordsStore(path: folder.database)
    defer { store.close() }
    #expect(await store.commit([.expected(StoredExpectation(instance: "a"))]) == nil)
    for suffix in ["", "-wal", "-shm", ".lock"] {
      #expect(mode(folder.database + suffix) == 0o600, "\(suffix)")
    }
  }

  @Test func whatIsWrittenIsSyncedEveryTime() throws {
    let folder = try TemporaryFolder()
    let store = try RecordsStore(path: folder.database)
    defer { store.close() }
    let values = try store.writer.inDatabase { database in
      try ["journal_mode", "synchronous", "foreign_keys"].map {
        try String.fetchOne(database, sql: "PRAGMA \($0)") ?? "nothing"
      }
    }
    #expect(values == ["wal", "2", "1"])
  }

  @Test func aSecondAggregatorIsTurnedAway() throws {
    let folder = try TemporaryFolder()
    let store = try RecordsStore(path: folder.database)
    let failure = #expect(throws: RecordsFailure.self) { try RecordsStore(path: folder.database) }
    #expect(
      failure?.message
        == "\(folder.database).lock: another aggregator has its records here; stop it, or give this one "
        + "another folder")
    store.close()
    try RecordsStore(path: folder.database).close()
  }

  @Test(arguments: [
    ("/nowhere/muster.db", "/nowhere/muster.db.lock: cannot be opened: No such file or directory"),
    ("/proc/muster.db", "/proc/muster.db.lock: cannot be opened: No such file or directory"),
    ("/sys/muster.db", "/sys/muster.db.lock: cannot be opened: Permission denied"),
  ])
  func aFolderThatCannotBeWritten(path: String, expected: String) {
    let failure = #expect(throws: RecordsFailure.self) { try RecordsStore(path: path) }
    // Which error a read-only folder gives is the file system's choice.
    #expect(failure?.message.hasPrefix(expected.prefix { $0 != " " } + " cannot be opened: ") == true)
    #expect(failure?.message.hasSuffix("must be in a folder that belongs to the aggregator's user") == true)
  }

  @Test func aFileOfAnotherKind() async throws {
    let folder = try TemporaryFolder()
    let text = Array(String(repeating: "this is a text file\n", count: 100).utf8)
    try write(text, to: folder.database)
    let failure = #expect(throws: RecordsFailure.self) { try RecordsStore(path: folder.database) }
    #expect(
      failure?.message
        == "\(folder.database): is not a file of the aggregator's records; move it away, and the aggregator "
        + "makes a new one")
    #expect(try bytes(of: folder.database) == text, "it is left as it was")
  }

  @Test func aDatabaseOfAnotherProgram() async throws {
    let folder = try await filled()
    var file = try bytes(of: folder.database)
    // The application id, at byte 68 of SQLite's header.
    #expect(Array(file[68..<72]) == Array("MSTR".utf8))
    for stranger in ["ABCD", "\0\0\0\0"] {
      file.replaceSubrange(68..<72, with: Array(stranger.utf8))
      try write(file, to: folder.database)
      let failure = #expect(throws: RecordsFailure.self) { try RecordsStore(path: folder.database) }
      #expect(failure?.message.contains("is not a file of the aggregator's records") == true)
      #expect(try bytes(of: folder.database) == file, "it is left as it was")
    }
  }

  @Test func aFileOfANewerVersion() async throws {
    let folder = try await filled()
    let known = Array("4 runs and audit".utf8)
    var file = try bytes(of: folder.database)
    for start in file.indices where file[start...].starts(with: known) { file[start] = UInt8(ascii: "5") }
    try write(file, to: folder.database)
    let failure = #expect(throws: RecordsFailure.self) { try RecordsStore(path: folder.database) }
    #expect(
      failure?.message
        == "\(folder.database): was written by a newer version (5 runs and audit); use that version, or bring "
        + "a copy back from before the upgrade")
    #expect(try bytes(of: folder.database) == file, "it is left as it was")
  }

  /// Whatever happened to the file, there is a sentence, never a trap.
  @Test func aDamagedFileGivesASentence() async throws {
    let folder = try await filled()
    let whole = try bytes(of: folder.database)
    var damagedCount = 0
    for round in 0..<150 {
      var file = whole
      // The first bytes would make it no database at all.
      let start = Int.random(in: 100..<file.count)
      let end = min(file.count, start + [1, 8, 512, 8192].randomElement()!)
      for index in start..<end { file[index] = .random(in: 0 ... .max) }
      if round % 5 == 0 { file.removeLast(Int.random(in: 1..<file.count - 100)) }
      for suffix in ["-wal", "-shm"] { unlink(folder.copy + suffix) }
      try write(file, to: folder.copy)
      do throws(RecordsFailure) {
        let store = try RecordsStore(path: folder.copy)
        defer { store.close() }
        _ = try store.load()
      } catch {
        #expect(error.message.hasPrefix("\(folder.copy): "))
        if error.message.contains("is damaged; bring a copy back") { damagedCount += 1 }
      }
      if round % 20 == 0 { await Task.yield() }
    }
    #expect(damagedCount > 20)
  }
}
