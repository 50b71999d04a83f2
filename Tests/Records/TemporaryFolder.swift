import Glibc
import Records
import Testing
import Wire

/// A folder that goes with the test.
final class TemporaryFolder: Sendable {
  let path: String

  init() throws {
    var template = Array("/tmp/muster-records-XXXXXX".utf8CString)
    let made = template.withUnsafeMutableBufferPointer {
      mkdtemp($0.baseAddress!).map { String(cString: $0) }
    }
    path = try #require(made)
  }

  deinit {
    for suffix in ["", "-wal", "-shm", "-journal", ".lock"] {
      unlink(database + suffix)
      unlink(copy + suffix)
    }
    unlink(path + "/acknowledged")
    rmdir(path)
  }

  var database: String { path + "/muster.db" }
  /// Where a test puts a copy of the database.
  var copy: String { path + "/copy.db" }
}

func bytes(of file: String) throws -> [UInt8] {
  let descriptor = open(file, O_RDONLY)
  try #require(descriptor >= 0, "\(file)")
  defer { close(descriptor) }
  var bytes = [UInt8](repeating: 0, count: Int(lseek(descriptor, 0, SEEK_END)))
  let count = pread(descriptor, &bytes, bytes.count, 0)
  try #require(count == bytes.count)
  return bytes
}

func write(_ bytes: [UInt8], to file: String) throws {
  let descriptor = open(file, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
  try #require(descriptor >= 0, "\(file)")
  defer { close(descriptor) }
  let count = Glibc.write(descriptor, bytes, bytes.count)
  try #require(count == bytes.count)
}

extension RecordsStore {
  /// Commits, and waits for the answer.
  func commit(_ changes: [RecordsChange]) async -> RecordsFailure? {
    await withCheckedContinuation { waiting in commit(changes) { waiting.resume(returning: $0) } }
  }

  func audit(_ request: ListAuditRequest) async throws -> [AuditEntry] {
    try await withCheckedContinuation { waiting in audit(request) { waiting.resume(returning: $0) } }.get()
  }
}
