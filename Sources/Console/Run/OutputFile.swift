import Glibc

/// A file or folder that the operator named, made for this run. Readable by the operator alone: command
/// lines and logs of a fleet are nobody else's business.
enum OutputFile {
  /// An empty file, open for writing; one that is there is emptied.
  static func create(_ path: String) throws(CommandFailure) -> Int32 {
    try open(path, flags: O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, in: AT_FDCWD)
  }

  /// Adds to a file in an open folder, never through a link. A file that is `isNew` must not be there.
  static func append(
    _ bytes: [UInt8], to name: String, isNew: Bool, in folder: Int32
  ) throws(CommandFailure) {
    let flags = O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC | (isNew ? O_EXCL : 0)
    let descriptor = try open(name, flags: flags, in: folder)
    defer { close(descriptor) }
    try write(bytes, to: descriptor, path: name)
  }

  /// A folder with nothing in it, open.
  static func emptyFolder(_ path: String) throws(CommandFailure) -> Int32 {
    guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw failure(path, "make the folder") }
    guard let entries = opendir(path) else { throw failure(path, "open the folder") }
    defer { closedir(entries) }
    while let entry = readdir(entries) {
      let isSelfOrParent = withUnsafePointer(to: &entry.pointee.d_name) { name in
        name.withMemoryRebound(to: CChar.self, capacity: 3) { strcmp($0, ".") == 0 || strcmp($0, "..") == 0 }
      }
      guard isSelfOrParent else {
        throw CommandFailure(.usage, "\(path.printable) is not empty; name a folder that is, or a new one")
      }
    }
    return try openFolder(path, in: AT_FDCWD)
  }

  /// A new folder in an open one.
  static func newFolder(_ name: String, in folder: Int32) throws(CommandFailure) {
    guard mkdirat(folder, name, 0o700) == 0 else { throw failure(name, "make the folder") }
  }

  /// Opens a folder that is in another; never through a link.
  static func openFolder(_ path: String, in folder: Int32) throws(CommandFailure) -> Int32 {
    let descriptor = openat(folder, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(path, "open the folder") }
    return descriptor
  }

  /// Writes everything, or says why not.
  static func write(_ bytes: [UInt8], to descriptor: Int32, path: String) throws(CommandFailure) {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        Glibc.write(descriptor, buffer.baseAddress! + written, buffer.count - written)
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw failure(path, "write") }
      written += count
    }
  }

  private static func open(
    _ path: String, flags: Int32, in folder: Int32
  ) throws(CommandFailure) -> Int32 {
    let descriptor = openat(folder, path, flags, 0o600)
    guard descriptor >= 0 else { throw failure(path, "create") }
    return descriptor
  }

  private static func failure(_ path: String, _ what: String) -> CommandFailure {
    CommandFailure(.cannotCreate, "cannot \(what) \(path.printable): \(String(cString: strerror(errno)))")
  }
}
