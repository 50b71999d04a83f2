internal import Glibc

/// One file of /proc or /sys, read again and again.
///
/// A read is `pread` from offset 0: the kernel makes the text anew each time. The descriptor stays open, since
/// opening costs more than most files' text; when it stops working (the device or process behind it went away)
/// it is opened again once, and only then is there an error. Where there may be hundreds of files, and few of
/// them are read often, it is not kept.
public final class KernelFile {
  /// How the kernel hands out the text.
  public enum Shape: Sendable {
    /// As one record (`single_open` in the kernel): a short read is the end.
    case record
    /// Record by record: only a read of nothing is the end.
    case sequence
    /// The same with records of at most so many bytes: a short read that leaves room for one more in a page is the
    /// end, since the kernel gathers records in whole pages (`seq_read` in the kernel). Where it goes through a table to
    /// make them, being asked for more costs as much as the first time.
    case records(maximumBytes: Int)
  }

  /// The absolute path, as it appears in errors.
  public let path: String
  /// The same for the C library, so that opening again allocates nothing either.
  private let pathBytes: [CChar]
  private let shape: Shape
  private let isKept: Bool
  private var descriptor: Int32 = -1

  /// A file named relative to `root`. It is opened by the first read.
  ///
  /// - Parameter isKept: whether the descriptor stays open between two readings.
  public init(_ name: String, of root: ProcRoot, shape: Shape = .sequence, isKept: Bool = true) {
    path = root.path(of: name)
    pathBytes = Array(path.utf8CString)
    self.shape = shape
    self.isKept = isKept
  }

  deinit {
    release()
  }

  /// Reads the whole file.
  ///
  /// The bytes lie in `buffer` and are valid until it is read into again, or goes away.
  public func read(into buffer: inout ReadBuffer) throws(KernelError) -> UnsafeRawBufferPointer {
    if descriptor >= 0 {
      if case .success(let bytes) = readOnce(into: &buffer) { return bytes }
      release()
    }
    descriptor = open(pathBytes, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw KernelError(path: path, errno: errno) }
    defer { if !isKept { release() } }
    switch readOnce(into: &buffer) {
    case .success(let bytes): return bytes
    case .failure(let error):
      release()
      throw error
    }
  }

  private func readOnce(into buffer: inout ReadBuffer) -> Result<UnsafeRawBufferPointer, KernelError> {
    let descriptor = descriptor
    var count = 0
    while true {
      let room = buffer.memory.count - count
      let got = pread(descriptor, buffer.memory.baseAddress.unsafelyUnwrapped + count, room, off_t(count))
      if got < 0 {
        if errno == EINTR { continue }
        return .failure(KernelError(path: path, errno: errno))
      }
      count += got
      if got == 0 || (got < room && isWhole(got)) {
        return .success(UnsafeRawBufferPointer(rebasing: buffer.memory[..<count]))
      }
      if got == room, !buffer.grow(keeping: count) {
        return .failure(.tooLarge(path: path, limit: ReadBuffer.maximumBytes))
      }
    }
  }

  /// Whether a read that was short, but not empty, was the last.
  private func isWhole(_ count: Int) -> Bool {
    switch shape {
    case .record: true
    case .sequence: false
    case .records(let maximumBytes): count + maximumBytes < Self.pageBytes
    }
  }

  private static let pageBytes = Int(getpagesize())

  private func release() {
    guard descriptor >= 0 else { return }
    close(descriptor)
    descriptor = -1
  }
}
