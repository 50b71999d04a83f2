internal import Glibc

/// A file that people wrote, not the kernel: it may be anything, and may change at any time.
///
/// Only a regular file is read, or a link to one; a FIFO, which would block, and a device, which opening may
/// change, are not even opened.
public struct RegularFile: ~Copyable {
  /// What changes when a file is written or replaced.
  public struct Identity: Hashable, Sendable {
    fileprivate let device: UInt64
    fileprivate let inode: UInt64
    fileprivate let bytes: Int64
    fileprivate let nanoseconds: Int
    /// When it was written last: seconds since 1970.
    public let modifiedSeconds: Int

    fileprivate init(_ status: stat) {
      device = UInt64(status.st_dev)
      inode = UInt64(status.st_ino)
      bytes = Int64(status.st_size)
      modifiedSeconds = status.st_mtim.tv_sec
      nanoseconds = status.st_mtim.tv_nsec
    }
  }

  /// What is at a path now, without opening it.
  public static func identity(of path: String) throws(KernelError) -> Identity {
    var status = stat()
    guard stat(path, &status) == 0 else { throw KernelError(path: path, errno: errno) }
    try check(status, path)
    return Identity(status)
  }

  /// What the open file is. If it is replaced meanwhile, this stays the old one.
  public let identity: Identity
  private let path: String
  private let descriptor: Int32

  /// Opens the file.
  public init(path: String) throws(KernelError) {
    // Whether it may be opened at all; then again, since it may be another one by now.
    _ = try Self.identity(of: path)
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    guard descriptor >= 0 else { throw KernelError(path: path, errno: errno) }
    var status = stat()
    fstat(descriptor, &status)
    do { try Self.check(status, path) } catch {
      close(descriptor)
      throw error
    }
    self.path = path
    self.descriptor = descriptor
    identity = Identity(status)
  }

  deinit {
    close(descriptor)
  }

  /// Its text. One of more than `maximumBytes` is an error.
  public func read(maximumBytes: Int) throws(KernelError) -> [UInt8] {
    var text: [UInt8] = []
    guard identity.bytes <= maximumBytes else { throw .tooLarge(path: path, limit: maximumBytes) }
    while text.count <= maximumBytes {
      let piece = try readPiece(at: text.count)
      if piece.isEmpty { return text }
      text += piece
    }
    throw .tooLarge(path: path, limit: maximumBytes)
  }

  private func readPiece(at offset: Int) throws(KernelError) -> [UInt8] {
    while true {
      var count = 0
      let piece = [UInt8](unsafeUninitializedCapacity: 64 << 10) { room, filled in
        count = pread(descriptor, room.baseAddress, room.count, off_t(offset))
        filled = max(count, 0)
      }
      if count >= 0 { return piece }
      if errno != EINTR { throw KernelError(path: path, errno: errno) }
    }
  }

  private static func check(_ status: stat, _ path: String) throws(KernelError) {
    guard status.st_mode & S_IFMT == S_IFREG else { throw .notRegular(path: path) }
  }
}
