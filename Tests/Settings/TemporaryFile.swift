import Glibc

struct TemporaryFileFailure: Error {}

func write(_ bytes: [UInt8], to path: String) throws {
  let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
  guard descriptor >= 0, Glibc.write(descriptor, bytes, bytes.count) == bytes.count else {
    throw TemporaryFileFailure()
  }
  close(descriptor)
}

func remove(_ path: String) { unlink(path) }
