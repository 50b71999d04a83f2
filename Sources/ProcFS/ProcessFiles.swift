internal import Glibc

/// The files of processes: `/proc/<pid>/…`.
///
/// Each is opened, read once and closed: processes come and go, and their descriptors are not worth keeping.
/// Nothing is allocated. Of a file at most ``maximumBytes`` are read, which is more than `stat` and `io` have
/// and all that is wanted of `status` and `cmdline`.
///
/// Not thread-safe: there is one buffer.
public final class ProcessFiles {
  /// No more of a file is read.
  public static let maximumBytes = 4096

  /// What became of reading a file.
  public enum Reading {
    /// Its text, valid until the next is read.
    case text(UnsafeRawBufferPointer)
    /// The process ended.
    case gone
    /// Not for this user, or not offered.
    case failed(KernelError)
  }

  private let root: ProcRoot
  private let path: String
  private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: maximumBytes, alignment: 16)
  /// `12345/cmdline` and a NUL.
  private let name = UnsafeMutableBufferPointer<CChar>.allocate(capacity: 64)
  private var folder: Int32 = -1

  /// The processes below `root`.
  public init(root: ProcRoot) {
    self.root = root
    path = root.path(of: "proc")
  }

  deinit {
    if folder >= 0 { close(folder) }
    buffer.deallocate()
    name.deallocate()
  }

  /// A listing of the processes, at its start.
  public func listing() throws(KernelError) -> ProcessListing {
    try ProcessListing(root: root)
  }

  /// Reads a file of a process. `fileName` starts with a slash: ``ProcessStat/fileName``, say.
  public func read(_ fileName: StaticString, of pid: UInt32) -> Reading {
    if let error = openFolder() { return .failed(error) }
    compose(pid, fileName)
    let descriptor = openat(folder, name.baseAddress.unsafelyUnwrapped, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return failure(errno, pid, fileName) }
    defer { close(descriptor) }
    while true {
      let count = Glibc.read(descriptor, buffer.baseAddress.unsafelyUnwrapped, buffer.count)
      if count >= 0 { return .text(UnsafeRawBufferPointer(rebasing: buffer[..<count])) }
      if errno != EINTR { return failure(errno, pid, fileName) }
    }
  }

  private func failure(_ code: Int32, _ pid: UInt32, _ fileName: StaticString) -> Reading {
    if code == ENOENT || code == ESRCH { return .gone }
    return .failed(KernelError(path: "\(path)/\(pid)\(fileName)", errno: code))
  }

  private func openFolder() -> KernelError? {
    guard folder < 0 else { return nil }
    folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    return folder < 0 ? KernelError(path: path, errno: errno) : nil
  }

  private func compose(_ pid: UInt32, _ fileName: StaticString) {
    var digits = 1
    var power: UInt32 = 10
    while digits < 10, pid >= power {
      digits += 1
      power = power.multipliedReportingOverflow(by: 10).partialValue
    }
    var rest = pid
    for place in stride(from: digits - 1, through: 0, by: -1) {
      name[place] = CChar(UInt8(ascii: "0") + UInt8(rest % 10))
      rest /= 10
    }
    let count = min(fileName.utf8CodeUnitCount, name.count - digits - 1)
    for offset in 0..<count { name[digits + offset] = CChar(fileName.utf8Start[offset]) }
    name[digits + count] = 0
  }
}
