internal import Glibc

/// The folder of one cgroup, open while its files are read.
///
/// A cgroup can end at any moment: its files are then not there (ENOENT), or say so when read (ENODEV).
public struct CgroupFolder: ~Copyable {
  private let descriptor: Int32
  /// Never given to another cgroup of this boot: a unit that is started again has another one.
  public let number: UInt64
  private let path: String

  /// Opens a folder. Nil if it is gone.
  public init?(path: String) throws(KernelError) {
    descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if descriptor < 0 {
      if Self.meansGone(errno) { return nil }
      throw KernelError(path: path, errno: errno)
    }
    var status = stat()
    number = fstat(descriptor, &status) == 0 ? UInt64(status.st_ino) : 0
    self.path = path
  }

  deinit { close(descriptor) }

  /// The text of a file, valid until the buffer is read into again. Nil if it is not there: its controller is not
  /// enabled here, the kernel does not know it, or the cgroup is gone.
  public func read(
    _ file: StaticString, into buffer: inout ReadBuffer
  ) throws(KernelError) -> UnsafeRawBufferPointer? {
    let name = UnsafeRawPointer(file.utf8Start).assumingMemoryBound(to: CChar.self)
    let file = openat(descriptor, name, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return try nothing(errno, name) }
    defer { close(file) }
    var count = 0
    while true {
      let room = buffer.memory.count - count
      let got = Glibc.read(file, buffer.memory.baseAddress.unsafelyUnwrapped + count, room)
      if got < 0 {
        if errno == EINTR { continue }
        return try nothing(errno, name)
      }
      count += got
      // The kernel makes these texts in one piece.
      if got < room { return UnsafeRawBufferPointer(rebasing: buffer.memory[..<count]) }
      guard buffer.grow(keeping: count) else {
        throw .tooLarge(path: path + "/" + String(cString: name), limit: ReadBuffer.maximumBytes)
      }
    }
  }

  private func nothing(
    _ code: Int32, _ name: UnsafePointer<CChar>
  ) throws(KernelError) -> UnsafeRawBufferPointer? {
    // EOPNOTSUPP: pressure that is switched off.
    if Self.meansGone(code) || code == EOPNOTSUPP { return nil }
    throw KernelError(path: path + "/" + String(cString: name), errno: code)
  }

  private static func meansGone(_ code: Int32) -> Bool { code == ENOENT || code == ENODEV || code == ENOTDIR }
}
