import GRPC
import Glibc
package import ProcFS
package import Wire

/// Finds out about the few processes that a pass has ranked what is too dear to read of all: command line, user, unit. A
/// slice at a time.
package final class ProcessDetails {
  /// Processes read in one step.
  static let slice = 16

  /// What tells a process from another, and from what it was before it began another program.
  private struct Key: Hashable {
    let pid: UInt32
    let startTicks: Int64
    let name: String

    init(_ process: RankedProcess) {
      pid = process.pid
      startTicks = process.startTicks
      name = process.name
    }
  }

  private struct Found {
    var commandLine: String
    var user: UInt32?
    var unit: String
  }

  private let pass: ProcessPass
  private let processes: [RankedProcess]
  private let files: ProcessFiles
  private let root: ProcRoot
  private let maximumCommandLine: Int
  private let ticksPerSecond = Int64(max(sysconf(Int32(_SC_CLK_TCK)), 1))
  private let pageBytes = UInt64(max(getpagesize(), 1))
  private var known: [Key: Found]
  private var found: [Found] = []

  /// The processes ranked by a pass that is done. Command lines are cut at `maximumCommandLine` bytes. What is known of a
  /// process already is not read again.
  package init(
    of pass: ProcessPass, files: ProcessFiles, root: ProcRoot, maximumCommandLine: Int,
    knowing earlier: ProcessDetails? = nil
  ) {
    self.pass = pass
    processes = pass.ranked
    self.files = files
    self.root = root
    self.maximumCommandLine = maximumCommandLine
    known = earlier.map { Dictionary(zip($0.processes.map(Key.init), $0.found)) { first, _ in first } } ?? [:]
  }

  /// Goes on; the list when all is done.
  package func step(at now: Moment) -> ProcessList? {
    for process in processes.dropFirst(found.count).prefix(Self.slice) {
      found.append(known[Key(process)] ?? look(at: process.pid))
    }
    guard found.count == processes.count else { return nil }
    known = [:]
    return list(at: now)
  }

  private func look(at pid: UInt32) -> Found {
    Found(commandLine: commandLine(of: pid), user: user(of: pid), unit: files.unit(of: pid, isPattern: false))
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
    let processes = zip(processes, found).map { process, found in
      ProcessInfo(
        pid: process.pid, name: SecretMask.printable(process.name.utf8), commandLine: found.commandLine,
        user: found.user.map { names[$0] } ?? "", cpuRatio: process.cpuRatio,
        residentBytes: UInt64(max(process.residentPages, 0)) &* pageBytes,
        readBytesPerSecond: process.readPerSecond, writtenBytesPerSecond: process.writtenPerSecond,
        threads: UInt32(clamping: process.threads),
        state: String(decoding: CollectionOfOne(process.state), as: UTF8.self),
        startedMicroseconds: started(process, at: now), unit: found.unit)
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

extension ProcessFiles {
  /// The unit, container or machine that a process belongs to; empty: none, or it may not be read.
  ///
  /// - Parameter isPattern: whether those that come and go all day are called by their pattern: `session-*.scope`.
  func unit(of pid: UInt32, isPattern: Bool) -> String {
    guard case .text(let text) = read(ProcessCgroup.fileName, of: pid),
      let unit = try? ProcessCgroup.unit(parsing: text)
    else { return "" }
    let name = SecretMask.printable(unit.utf8)
    return isPattern ? UnitName.pattern(ofShortLived: name) ?? name : name
  }
}
