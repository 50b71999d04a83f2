import Glibc

/// What the kernel says of the server's process. Only the server is measured: the load has its own cost.
public struct ServerProcess {
  private let pid: Int32
  private let clock: clockid_t

  /// A process that runs.
  public init(_ pid: Int32) throws {
    self.pid = pid
    var clock = clockid_t()
    guard clock_getcpuclockid(pid, &clock) == 0 else { throw LoadError("there is no process \(pid)") }
    self.clock = clock
  }

  /// User and system time of all its threads so far, those that have ended included.
  public func cpuTime() throws -> Duration {
    guard let time = nanoseconds(of: clock) else { throw LoadError("the server has ended") }
    return .nanoseconds(time)
  }

  /// Its resident memory in bytes.
  public func residentBytes() throws -> Int {
    let pages = try text("statm").split(separator: " ").dropFirst().first.flatMap { Int($0) }
    guard let pages else { throw LoadError("/proc/\(pid)/statm cannot be understood") }
    return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
  }

  private func text(_ name: String) throws -> String {
    let path = "/proc/\(pid)/\(name)"
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw LoadError("\(path): errno \(errno)") }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = read(descriptor, &bytes, bytes.count)
    return String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self)
  }
}
