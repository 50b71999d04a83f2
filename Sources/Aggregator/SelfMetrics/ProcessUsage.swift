import Glibc

/// What this process takes of its machine.
struct ProcessUsage: Sendable {
  /// User and system time, in microseconds.
  var processorMicroseconds: Int64 = 0
  /// Resident memory, in bytes; `nil`: /proc is not there.
  var residentBytes: Int64?
  /// Open file descriptors; `nil`: /proc is not there.
  var openDescriptors: Int64?
  /// The most that may be open.
  var maximumDescriptors: Int64 = 0

  /// As of now.
  static func now() -> ProcessUsage {
    var usage = ProcessUsage()
    var resources = rusage()
    if getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &resources) == 0 {
      usage.processorMicroseconds = resources.ru_utime.microseconds + resources.ru_stime.microseconds
    }
    var limit = rlimit()
    if getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 {
      usage.maximumDescriptors = Int64(clamping: limit.rlim_cur)
    }
    usage.residentBytes = residentPages().map { $0 * Int64(sysconf(Int32(_SC_PAGESIZE))) }
    usage.openDescriptors = countDescriptors()
    return usage
  }

  /// The second number of /proc/self/statm (proc(5)).
  private static func residentPages() -> Int64? {
    let descriptor = open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var text = [UInt8](repeating: 0, count: 128)
    let count = read(descriptor, &text, text.count)
    guard count > 0 else { return nil }
    let fields = text[..<count].split(separator: UInt8(ascii: " "))
    return fields.count > 1 ? Int64(String(decoding: fields[1], as: UTF8.self)) : nil
  }

  private static func countDescriptors() -> Int64? {
    guard let folder = opendir("/proc/self/fd") else { return nil }
    defer { closedir(folder) }
    var count: Int64 = 0
    while readdir(folder) != nil { count += 1 }
    // Without `.`, `..` and the descriptor of this very listing.
    return max(0, count - 3)
  }
}

extension timeval {
  fileprivate var microseconds: Int64 { Int64(tv_sec) * 1_000_000 + Int64(tv_usec) }
}
