import Glibc
public import ProcFS

/// The system calls sources make beside reading files, so that a fixture can stand in for a host.
public struct KernelCalls: Sendable {
  /// Asks how full the file system at a path is. May be called on another thread, and may take for ever.
  public var filesystemUsage:
    @Sendable (_ path: UnsafePointer<CChar>) -> Result<FilesystemUsage, SystemCallError>
  /// Asks for the system's name; true if it is another one than before.
  public var refreshSystemName: @Sendable (inout SystemName) -> Bool
  /// Asks how the kernel steers its clock.
  public var clockDiscipline: @Sendable () -> Result<ClockDiscipline, SystemCallError>
  /// The time by the wall clock, in nanoseconds since 1970; nil: there is none.
  public var wallClock: @Sendable () -> Int64?
  /// The time zone of local time at a number of seconds since 1970; nil: there is none.
  public var localTimeZone: @Sendable (_ seconds: Int64) -> LocalTimeZone?

  /// Calls of one's own. A call that is not given is one that the kernel does not offer.
  public init(
    filesystemUsage:
      @escaping @Sendable (_ path: UnsafePointer<CChar>) -> Result<FilesystemUsage, SystemCallError>,
    refreshSystemName: @escaping @Sendable (inout SystemName) -> Bool,
    clockDiscipline: @escaping @Sendable () -> Result<ClockDiscipline, SystemCallError> = {
      .failure(.notOffered)
    },
    wallClock: @escaping @Sendable () -> Int64? = { nil },
    localTimeZone: @escaping @Sendable (_ seconds: Int64) -> LocalTimeZone? = { _ in nil }
  ) {
    self.filesystemUsage = filesystemUsage
    self.refreshSystemName = refreshSystemName
    self.clockDiscipline = clockDiscipline
    self.wallClock = wallClock
    self.localTimeZone = localTimeZone
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
    refreshSystemName: { $0.refresh() },
    clockDiscipline: { ClockDiscipline.read() },
    wallClock: { wallNanoseconds() },
    localTimeZone: { LocalTimeZone.current(at: $0) })
}
