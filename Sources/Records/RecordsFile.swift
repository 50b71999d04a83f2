internal import Glibc
internal import Synchronization

/// The file before SQLite opens it: made with the right mode, and locked against a second aggregator.
enum RecordsFile {
  static func prepare(_ path: String) throws(RecordsFailure) -> FileLock {
    // The lock is a file of its own: closing any descriptor of the database would drop SQLite's own locks.
    let lock = try FileLock(path + ".lock")
    do throws(RecordsFailure) { try makePrivate(path) } catch {
      lock.release()
      throw error
    }
    return lock
  }

  /// SQLite gives the -wal and -shm files the mode of the database.
  private static func makePrivate(_ path: String) throws(RecordsFailure) {
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw failure(path, "cannot be opened", errno) }
    defer { close(descriptor) }
    guard fchmod(descriptor, 0o600) == 0 else { throw failure(path, "cannot be made private", errno) }
  }

  static func failure(_ path: String, _ what: String, _ number: Int32) -> RecordsFailure {
    RecordsFailure(
      message: "\(path): \(what): \(String(cString: strerror(number))); "
        + "the file must be in a folder that belongs to the aggregator's user")
  }
}

/// Held as long as the store is open; the kernel lets go of it when the process ends, however it ends.
final class FileLock: Sendable {
  private let descriptor: Mutex<Int32>

  init(_ path: String) throws(RecordsFailure) {
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw RecordsFile.failure(path, "cannot be opened", errno) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let number = errno
      close(descriptor)
      guard number == EWOULDBLOCK else { throw RecordsFile.failure(path, "cannot be locked", number) }
      throw RecordsFailure(
        message: "\(path): another aggregator has its records here; stop it, or give this one another folder")
    }
    self.descriptor = Mutex(descriptor)
  }

  deinit { release() }

  func release() {
    descriptor.withLock {
      guard $0 >= 0 else { return }
      // By name: a process that is just being started from this one may still have the descriptor.
      flock($0, LOCK_UN)
      close($0)
      $0 = -1
    }
  }
}
