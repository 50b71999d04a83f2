package import GRPC
import Glibc
package import ProcFS
package import Wire

/// Looks at every process once. A step takes a few hundred microseconds, so that a loop can do something else between
/// two of them: a host with 20,000 processes costs some tenths of a second of CPU.
///
///     listing ids ─► (sorting) ─► reading /proc/<pid>/stat, and io ─► done
///
/// Compared with an earlier pass it ranks them, and adds them up. Processes that end between being listed and being
/// read are passed over.
package final class ProcessPass {
  /// Files read in one step, of 10 µs each and more, and names of the folder listed.
  package static let slice = 32
  static let listingSlice = 512

  package struct Request: Hashable {
    /// What to rank by. Several make one list, in which those of the first order come first.
    package var orders = [ProcessOrder.cpu]
    /// How many to rank by each.
    package var count = 10
    /// Whether those that used nothing may be ranked.
    package var ranksIdle = true
    /// By what to add up; not at all in the first pass.
    package var grouping = ProcessGrouping.none
    /// Processes that are looked at; of more, only how many there are is known.
    package var maximumProcesses = 32_768
    /// With more processes than this, I/O is only read if it is an order.
    package var maximumWithIO = 4096
    /// Whether I/O is read of those only that used CPU since the earlier pass: nobody reads or writes without.
    package var sparesIdle = false
    /// Whether the next pass will compare with this one.
    package var keepsMarks = true

    package init() {}
  }

  /// Ids listed: how many processes there are.
  package private(set) var total = 0
  /// Of those, the ones that were looked at, and those that had ended by then.
  package private(set) var examined = 0
  private(set) var gone = 0
  /// Those looked at by the letter of their state: R, S, D, …
  private(set) var states = [Int64](repeating: 0, count: 128)
  /// Whether the first process was listed. There always is one; where it is not listed it is hidden, and so are others
  /// (`hidepid`, `ProtectProc`).
  private(set) var hasFirst = false
  /// Those whose I/O may not be read.
  package private(set) var deniedIO = 0
  /// Why there is nothing.
  package private(set) var failure: KernelError?
  /// Why a process could not be read that is there.
  private(set) var unreadable: KernelError?
  /// By each order of the request.
  private(set) var rankings: [ProcessRanking]
  private(set) var groups = ProcessGroups()
  package private(set) var marks = ProcessMarks()
  /// Since the earlier pass began, when this one began; microseconds.
  package private(set) var windowMicroseconds: Int64 = 0
  /// When this one began.
  package private(set) var beganAt: Instant?

  package let request: Request
  private let files: ProcessFiles
  private let ticksPerSecond = Double(max(sysconf(Int32(_SC_CLK_TCK)), 1))
  private let pageBytes = UInt64(max(getpagesize(), 1))
  private var earlier: ProcessMarks?
  private let earlierBegan: Instant?
  private var listing: ProcessListing?
  private var isListed = false
  private var readsIO = false
  private var pids: [UInt32] = []
  private var next = 0

  /// A pass to compare with an earlier one, or the first.
  package init(_ request: Request, files: ProcessFiles, after earlier: ProcessPass? = nil) {
    self.request = request
    self.files = files
    self.earlier = earlier?.marks
    earlierBegan = earlier?.beganAt
    rankings = request.orders.map { _ in ProcessRanking(count: request.count) }
    guard request.grouping == .unit, let earlier else { return }
    var keepsNumbers = earlier.request.grouping == .unit
    if keepsNumbers { groups = ProcessGroups(named: earlier.groups, keepsNumbers: &keepsNumbers) }
    if !keepsNumbers { self.earlier?.forgetUnits() }
  }

  /// The processes ranked, each once: by the first order, then those by the next that are not among them, and so on.
  package var ranked: [RankedProcess] {
    var pids: Set<UInt32> = []
    return rankings.flatMap(\.processes).filter { pids.insert($0.pid).inserted }
  }

  /// Goes on. True when all is done.
  package func step(at now: Moment) -> Bool {
    if beganAt == nil { begin(at: now) }
    if failure != nil { return true }
    guard isListed else {
      list()
      return false
    }
    let end = min(next + (readsIO ? Self.slice / 2 : Self.slice), pids.count)
    while next < end {
      look(at: pids[next], now)
      next += 1
    }
    guard next == pids.count else { return false }
    earlier = nil
    pids = []
    return true
  }

  private func begin(at now: Moment) {
    beganAt = now.instant
    if let earlierBegan { windowMicroseconds = max((now.instant - earlierBegan).saturatedMicroseconds, 1) }
    do { listing = try files.listing() } catch { failure = error }
  }

  private func list() {
    let goesOn =
      listing?.next(entries: Self.listingSlice) { pid in
        total += 1
        if pid == 1 { hasFirst = true }
        if pids.count < request.maximumProcesses { pids.append(pid) }
      } ?? false
    guard !goesOn else { return }
    listing = nil
    isListed = true
    // The kernel lists them in order; a copy of its files may not.
    if !zip(pids, pids.dropFirst()).allSatisfy(<) { pids.sort() }
    readsIO = pids.count <= request.maximumWithIO || request.orders.contains(.io)
    if request.keepsMarks {
      marks.reserve(pids.count, ProcessMarks.Extent(io: readsIO, units: request.grouping == .unit))
    }
  }

  private func look(at pid: UInt32, _ now: Moment) {
    let text: UnsafeRawBufferPointer
    switch files.read(ProcessStat.fileName, of: pid) {
    case .text(let found): text = found
    case .gone:
      gone += 1
      return
    case .failed(let error):
      unreadable = error
      return
    }
    let stat: ProcessStat
    do {
      stat = try ProcessStat(parsing: text)
    } catch {
      unreadable = error
      return
    }
    // The text lies where the next file is read to.
    let name = earlier == nil ? "" : stat.name.string(in: text)
    examined += 1
    states[Int(stat.state & 0x7f)] += 1
    var mark = ProcessMarks.Mark(
      pid: pid, startTicks: UInt32(truncatingIfNeeded: stat.startTicks),
      cpuTicks: UInt32(truncatingIfNeeded: stat.cpuTicks),
      microseconds: UInt32(truncatingIfNeeded: now.instant.nanoseconds / 1000))
    let before = earlier?.find(mark.pid, startTicks: mark.startTicks)
    let isIdle = request.sparesIdle && before?.cpuTicks == mark.cpuTicks
    if readsIO { mark.io = isIdle ? before?.io : readIO(of: pid) }
    if request.grouping == .unit { mark.unit = before?.unit ?? unit(of: pid, stat) }
    if request.keepsMarks { marks.append(mark) }
    if earlier != nil { rank(stat, mark, before, name) }
  }

  private func readIO(of pid: UInt32) -> ProcessMarks.IO? {
    switch files.read(ProcessIO.fileName, of: pid) {
    case .text(let text):
      return (try? ProcessIO(parsing: text)).map {
        ProcessMarks.IO(read: $0.readBytes, written: $0.writtenBytes)
      }
    case .failed(.denied):
      deniedIO += 1
      return nil
    case .gone, .failed:
      return nil
    }
  }

  /// Asked for once: a process is rarely moved.
  private func unit(of pid: UInt32, _ stat: ProcessStat) -> Int32 {
    if stat.isKernelThread { return groups.number(of: ProcessGroups.kernelName) }
    let unit = files.unit(of: pid, isPattern: true)
    return groups.number(of: unit.isEmpty ? ProcessGroups.nobodyName : unit)
  }

  private func rank(
    _ stat: ProcessStat, _ mark: ProcessMarks.Mark, _ before: ProcessMarks.Mark?, _ name: String
  ) {
    // Of one that is new, all it did was done since the earlier pass.
    let microseconds = before.map { Int64(mark.microseconds &- $0.microseconds) } ?? windowMicroseconds
    let seconds = Double(max(microseconds, 1)) / 1_000_000
    let ticks = mark.cpuTicks &- (before?.cpuTicks ?? 0)
    var process = RankedProcess(
      pid: mark.pid, name: "", state: stat.state, startTicks: stat.startTicks, threads: stat.threads,
      residentPages: stat.residentPages, cpuRatio: Double(ticks) / ticksPerSecond / seconds)
    if let io = mark.io, before == nil || before?.io != nil {
      process.readPerSecond = Double(max(io.read - (before?.io?.read ?? 0), 0)) / seconds
      process.writtenPerSecond = Double(max(io.written - (before?.io?.written ?? 0), 0)) / seconds
    }
    for (place, order) in request.orders.enumerated() where request.ranksIdle || process.used(order) {
      let score = order.score(process)
      guard rankings[place].accepts(score) else { continue }
      process.name = name
      rankings[place].insert(process, score)
    }
    add(process, stat, mark, name)
  }

  private func add(
    _ process: RankedProcess, _ stat: ProcessStat, _ mark: ProcessMarks.Mark, _ name: String
  ) {
    switch request.grouping {
    case .none: break
    case .command:
      let number = groups.number(of: stat.isKernelThread ? ProcessGroups.kernelName : name)
      groups.add(process, to: number, pageBytes: pageBytes)
    case .unit:
      if let unit = mark.unit { groups.add(process, to: unit, pageBytes: pageBytes) }
    }
  }
}
