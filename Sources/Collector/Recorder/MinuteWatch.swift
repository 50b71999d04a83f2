import GRPC
import ProcFS
import Wire

/// Looks at all processes once a minute, and keeps the top ones of each minute by CPU.
///
///     waiting ─► pass over all processes, compared with a minute ago ─► details of the top ones ─► waiting
struct MinuteWatch: ~Copyable {
  /// How far apart passes begin.
  static let interval: Duration = .seconds(60)
  /// With more processes, I/O is not read.
  static let maximumWithIO = 1024

  private enum Phase {
    case waiting
    case passing(ProcessPass)
    case details(ProcessDetails)
  }

  /// The minutes, oldest first.
  private(set) var lists: [ProcessList] = []
  /// Bytes of the lists.
  private(set) var byteCount = 0

  private let limits: RecorderLimits
  private let root: ProcRoot
  private let files: ProcessFiles
  private var phase = Phase.waiting
  private var last: ProcessPass?
  private var next = Instant(nanoseconds: .min)

  init(root: ProcRoot, limits: RecorderLimits) {
    self.root = root
    self.limits = limits
    files = ProcessFiles(root: root)
  }

  /// When `step` wants to be called.
  var nextDeadline: Instant {
    if case .waiting = phase { next } else { Instant(nanoseconds: .min) }
  }

  mutating func step(at now: Moment) {
    switch phase {
    case .waiting:
      guard now.instant >= next else { return }
      next = now.instant + Self.interval
      var request = ProcessPass.Request()
      request.count = limits.processes
      request.maximumWithIO = Self.maximumWithIO
      phase = .passing(ProcessPass(request, files: files, after: last))
    case .passing(let pass):
      guard pass.step(at: now) else { return }
      let isFirst = last == nil
      last = pass.failure == nil ? pass : nil
      phase =
        isFirst || pass.failure != nil
        ? .waiting
        : .details(
          ProcessDetails(
            of: pass, files: files, root: root, maximumCommandLine: limits.commandLineBytes))
    case .details(let details):
      guard let list = details.step(at: now) else { return }
      phase = .waiting
      keep(list)
    }
  }

  private mutating func keep(_ list: ProcessList) {
    lists.append(list)
    byteCount += list.recordedBytes
    while lists.count > limits.maximumMinutes || byteCount > limits.maximumMinuteBytes {
      byteCount -= lists.removeFirst().recordedBytes
    }
  }
}

extension ProcessList {
  /// About what the list takes on the wire and in memory.
  var recordedBytes: Int {
    processes.reduce(32) { sum, process in
      sum + 96 + process.name.utf8.count + process.commandLine.utf8.count + process.user.utf8.count
    }
  }
}
