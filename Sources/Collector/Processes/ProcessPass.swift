import GRPC
import Glibc
import ProcFS
import Wire

/// Looks at every process once, a slice at a time: a host with 20,000 of them costs a fifth of a second of CPU,
/// and never keeps the loop for more than a few hundred microseconds at once.
///
///     listing ids ─► (sorting) ─► reading /proc/<pid>/stat, and io ─► done
///
/// Compared with an earlier pass it ranks them. Processes that end between being listed and being read are
/// passed over.
final class ProcessPass {
  /// Files read in one step, of 10 µs each and more, and names of the folder listed.
  static let slice = 32
  static let listingSlice = 512

  struct Request {
    var order = ProcessOrder.cpu
    /// How many to rank.
    var count = 10
    /// Processes that are looked at; of more, only how many there are is known.
    var maximumProcesses = 32_768
    /// With more processes than this, I/O is only read if it is the order.
    var maximumWithIO = 4096
    /// Whether the next pass will compare with this one.
    var keepsMarks = true
  }

  /// Ids listed: how many processes there are.
  private(set) var total = 0
  /// Of those, the ones that were looked at.
  private(set) var examined = 0
  /// Those whose I/O may not be read.
  private(set) var deniedIO = 0
  /// Why there is nothing.
  private(set) var failure: KernelError?
  private(set) var ranking: ProcessRanking
  private(set) var marks = ProcessMarks()
  /// Since the earlier pass began, when this one began; microseconds.
  private(set) var windowMicroseconds: Int64 = 0
  /// When this one began.
  private(set) var beganAt: Instant?

  let request: Request
  private let files: ProcessFiles
  private let ticksPerSecond = Double(max(sysconf(Int32(_SC_CLK_TCK)), 1))
  private var earlier: ProcessMarks?
  private let earlierBegan: Instant?
  private var listing: ProcessListing?
  private var isListed = false
  private var readsIO = false
  private var pids: [UInt32] = []
  private var next = 0

  /// A pass to compare with an earlier one, or the first.
  init(_ request: Request, files: ProcessFiles, after earlier: ProcessPass? = nil) {
    self.request = request
    self.files = files
    self.earlier = earlier?.marks
    earlierBegan = earlier?.beganAt
    ranking = ProcessRanking(count: request.count)
  }

  /// Goes on. True when all is done.
  func step(at now: Moment) -> Bool {
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
        if pids.count < request.maximumProcesses { pids.append(pid) }
      } ?? false
    guard !goesOn else { return }
    listing = nil
    isListed = true
    // The kernel lists them in order; a copy of its files may not.
    if !zip(pids, pids.dropFirst()).allSatisfy(<) { pids.sort() }
    readsIO = pids.count <= request.maximumWithIO || request.order == .io
    if request.keepsMarks { marks.reserve(pids.count, withIO: readsIO) }
  }

  private func look(at pid: UInt32, _ now: Moment) {
    guard case .text(let text) = files.read(ProcessStat.fileName, of: pid),
      let stat = try? ProcessStat(parsing: text)
    else { return }
    // The text lies where the next file is read to.
    let name = earlier == nil ? "" : stat.name.string(in: text)
    examined += 1
    var mark = ProcessMarks.Mark(
      pid: pid, startTicks: UInt32(truncatingIfNeeded: stat.startTicks),
      cpuTicks: UInt32(truncatingIfNeeded: stat.cpuTicks),
      microseconds: UInt32(truncatingIfNeeded: now.instant.nanoseconds / 1000), io: nil)
    if readsIO { mark.io = readIO(of: pid) }
    if request.keepsMarks { marks.append(mark, withIO: readsIO) }
    if earlier != nil { rank(stat, mark, name) }
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

  private func rank(_ stat: ProcessStat, _ mark: ProcessMarks.Mark, _ name: String) {
    let before = earlier?.find(mark.pid, startTicks: mark.startTicks)
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
    let score = request.order.score(
      cpu: process.cpuRatio, pages: stat.residentPages,
      io: process.readPerSecond + process.writtenPerSecond, threads: stat.threads)
    guard ranking.accepts(score) else { return }
    process.name = name
    ranking.insert(process, score)
  }
}
