import Glibc
public import ProcFS

/// The system calls sources make beside reading files, so that a fixture can stand in for a host.
public struct KernelCalls: Sendable {
  /// Asks how full the file system at a path is. May be called on another thread, and may take for ever.
  public var filesystemUsage:
    @Sendable (_ path: UnsafePointer<CChar>) -> Result<FilesystemUsage, SystemCallError>
  /// Asks for the system's name; true if it is another one than before.
  public var refreshSystemName: @Sendable (inout SystemName) -> Bool

  /// Calls of one's own.
  public init(
    filesystemUsage:
      @escaping @Sendable (_ path: UnsafePointer<CChar>) -> Result<FilesystemUsage, SystemCallError>,
    refreshSystemName: @escaping @Sendable (inout SystemName) -> Bool
  ) {
    self.filesystemUsage = filesystemUsage
    self.refreshSystemName = refreshSystemName
  }

  /// The same, but mounts at these paths are not asked: they do not answer, and each question would cost
  /// another thread.
  public func sparing(_ paths: Set<String>) -> KernelCalls {
    var calls = self
    let ask = filesystemUsage
    calls.filesystemUsage = { path in
      paths.contains(String(cString: path)) ? .failure(SystemCallError(ETIMEDOUT)) : ask(path)
    }
    return calls
  }

  /// The running kernel's.
  public static let live = KernelCalls(
    filesystemUsage: { FilesystemUsage.read(at: $0) },
    refreshSystemName: { $0.refresh() })
}
