import GRPC
import Glibc
import ProcFS
import Wire

/// Finds out about the few processes that a pass has ranked what is too dear to read of all: command line and
/// user. A slice at a time.
final class ProcessDetails {
  /// Processes read in one step.
  static let slice = 16

  private let pass: ProcessPass
  private let files: ProcessFiles
  private let root: ProcRoot
  private let maximumCommandLine: Int
  private let ticksPerSecond = Int64(max(sysconf(Int32(_SC_CLK_TCK)), 1))
  private let pageBytes = UInt64(max(getpagesize(), 1))
  private var found: [(commandLine: String, user: UInt32?)] = []

  /// The processes ranked by a pass that is done. Command lines are cut at `maximumCommandLine` bytes.
  init(of pass: ProcessPass, files: ProcessFiles, root: ProcRoot, maximumCommandLine: Int) {
    self.pass = pass
    self.files = files
    self.root = root
    self.maximumCommandLine = maximumCommandLine
  }

  /// Goes on; the list when all is done.
  func step(at now: Moment) -> ProcessList? {
    let processes = pass.ranking.processes
    for process in processes.dropFirst(found.count).prefix(Self.slice) {
      found.append((commandLine(of: process.pid), user(of: process.pid)))
    }
    return found.count == processes.count ? list(at: now) : nil
  }

  private func commandLine(of pid: UInt32) -> String {
    guard case .text(let text) = files.read(ProcessCommandLine.fileName, of: pid) else { return "" }
    return SecretMask.commandLine(ProcessCommandLine.arguments(text)).prefix(utf8Bytes: maximumCommandLine)
  }

  private func user(of pid: UInt32) -> UInt32? {
    guard case .text(let text) = files.read(ProcessOwner.fileName, of: pid) else { return nil }
    return try? ProcessOwner.effectiveUser(parsing: text)
  }

  private func list(at now: Moment) -> ProcessList {
    let names = UserNames(of: Set(found.compactMap(\.user)), root: root)
    let processes = zip(pass.ranking.processes, found).map { process, found in
      ProcessInfo(
        pid: process.pid, name: SecretMask.printable(process.name.utf8), commandLine: found.commandLine,
        user: found.user.map { names[$0] } ?? "", cpuRatio: process.cpuRatio,
        residentBytes: UInt64(max(process.residentPages, 0)) &* pageBytes,
        readBytesPerSecond: process.readPerSecond, writtenBytesPerSecond: process.writtenPerSecond,
        threads: UInt32(clamping: process.threads),
        state: String(decoding: CollectionOfOne(process.state), as: UTF8.self),
        startedMicroseconds: started(process, at: now))
    }
    return ProcessList(
      timeMicroseconds: now.wallMicroseconds, processes: processes, total: UInt32(clamping: pass.total),
      examined: UInt32(clamping: pass.examined),
      windowMilliseconds: UInt32(clamping: pass.windowMicroseconds / 1000))
  }

  /// By the wall clock. The kernel counts from boot, as the moment's instant does.
  private func started(_ process: RankedProcess, at now: Moment) -> Int64 {
    let (seconds, ticks) = process.startTicks.quotientAndRemainder(dividingBy: ticksPerSecond)
    let sinceBoot =
      seconds.multipliedReportingOverflow(by: 1_000_000).partialValue &+ ticks * 1_000_000 / ticksPerSecond
    return now.wallMicroseconds &- now.instant.nanoseconds / 1000 &+ sinceBoot
  }
}
