import Glibc
import ProcFS

/// Looks at `/proc/<pid>/stat` of every process, a few at a time.
///
/// Processes that start or end meanwhile are counted or not; each is counted once at most.
final class ProcessWalk {
  /// Processes looked at; of more, only how many there are is known.
  static let maximumProcesses = 131_072
  /// Names listed, and files read, between two looks at the clock.
  private static let namesAtOnce = 64
  private static let filesAtOnce = 8

  /// How it went.
  enum State {
    case underWay
    case done
    case failed(KernelError)
  }

  /// Processes by the letter of their state: R, S, D, …
  private(set) var counts = [Int64](repeating: 0, count: 128)
  /// How many processes there are.
  private(set) var total: Int64 = 0

  private let files: ProcessFiles
  private var listing: ProcessListing?
  private var isListed = false
  private var pids: [UInt32] = []
  private var next = 0
  private var hasFirst = false

  init(_ files: ProcessFiles) throws(KernelError) {
    self.files = files
    listing = try files.listing()
  }

  /// Goes on until it is done, or `isLate` says so.
  func go(until isLate: () -> Bool) -> State {
    repeat {
      if !isListed {
        list()
        if isListed, !hasFirst {
          return .failed(.denied(path: "/proc/1 (processes of others are hidden)", errno: EPERM))
        }
      } else if next == pids.count {
        return .done
      } else if let error = look() {
        return .failed(error)
      }
    } while !isLate()
    return isListed && next == pids.count ? .done : .underWay
  }

  private func list() {
    let goesOn =
      listing?.next(entries: Self.namesAtOnce) { pid in
        total += 1
        // There always is one; where it is not listed, it is hidden, and so are others (`hidepid`, ProtectProc).
        if pid == 1 { hasFirst = true }
        if pids.count < Self.maximumProcesses { pids.append(pid) }
      } ?? false
    guard !goesOn else { return }
    listing = nil
    isListed = true
  }

  private func look() -> KernelError? {
    let end = min(next + Self.filesAtOnce, pids.count)
    while next < end {
      let pid = pids[next]
      next += 1
      switch files.read(ProcessStat.fileName, of: pid) {
      case .text(let text):
        do { counts[Int(try ProcessStat(parsing: text).state & 0x7f)] += 1 } catch { return error }
      case .gone: total -= 1
      case .failed(let error): return error
      }
    }
    return nil
  }
}
