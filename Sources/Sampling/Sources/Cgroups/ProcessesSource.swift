import ProcFS
import Wire

/// `/proc/<pid>/stat` of all processes: `node_processes_*`.
///
/// With 20,000 processes a look at each takes a fifth of a second. So it is spread over passes: a pass has
/// ``budgetPerSecond`` for each second since the one before, and ``maximumBudget`` at most. What is shown is a whole walk,
/// the last that was finished; a new one begins ``restNanoseconds`` after the last began, at the earliest.
struct ProcessesSource: Source {
  /// 300 µs.
  static let budgetPerSecond: Int64 = 300_000
  /// 3 ms, which is what passes have that are 10 s apart, or more.
  static let maximumBudget: Int64 = 3_000_000
  /// 30 s. Looking is what costs most of all that is read on a small host.
  static let restNanoseconds: Int64 = 30_000_000_000

  private static let threads = Metric.gauge(
    "node_processes_threads", "Threads there are, those of the kernel included.")
  private static let maximumThreads = Metric.gauge("node_processes_max_threads", "Threads there may be.")
  private static let maximumPIDs = Metric.gauge(
    "node_processes_max_processes", "Process ids there are: the limit of processes and threads together.")
  private static let pids = Metric.gauge("node_processes_pids", "Processes there are.")
  private static let state = Metric.gauge(
    "node_processes_state", "Processes by state: a letter of proc_pid_stat(5).", labels: ["state"])
  private static let walkTime = Metric.gauge(
    "muster_processes_walk_seconds", "From when to when the processes were looked at that are shown.",
    divisor: 1_000_000)

  static let metrics = [threads, maximumThreads, maximumPIDs, pids, state, walkTime]

  private let files: ProcessFiles
  private let loadFile: KernelFile
  private let limitFiles: [KernelFile]
  private let clock: @Sendable () -> Int64
  private var load = LoadAverage()
  private var threads = FixedSeries([threads])
  /// As they were when the walk began.
  private var limits: [(series: FixedSeries, value: Int64?)] = [
    (FixedSeries([maximumThreads]), nil), (FixedSeries([maximumPIDs]), nil),
  ]
  private var totals = FixedSeries([pids, walkTime])
  /// Those that were seen.
  private var states: [(letter: Int, series: FixedSeries)] = []

  private var walk: ProcessWalk?
  private var beganAt: Int64?
  private var passedAt: Int64?
  /// The last that was finished, and how long it took.
  private var finished: (walk: ProcessWalk, nanoseconds: Int64)?
  /// Why the last one was not finished.
  private var failure: KernelError?

  init(root: ProcRoot, clock: @escaping @Sendable () -> Int64) {
    files = ProcessFiles(root: root)
    loadFile = KernelFile(LoadAverage.path, of: root, shape: .record)
    limitFiles = ["threads-max", "pid_max"].map {
      KernelFile("proc/sys/kernel/" + $0, of: root, shape: .record, isKept: false)
    }
    self.clock = clock
  }

  mutating func sample(
    into table: inout SampleTable, reading buffer: inout ReadBuffer, at now: Int64
  ) throws(KernelError) {
    try load.parse(try loadFile.read(into: &buffer))
    if walk == nil, beganAt.map({ now - $0 >= Self.restNanoseconds }) ?? true {
      beganAt = now
      for (index, file) in limitFiles.enumerated() {
        limits[index].value = AttributeText.integer(try file.read(into: &buffer))
      }
      failure = nil
      walk = try ProcessWalk(files)
    }
    advance(at: now)
    if let failure { throw failure }
    if let count = load.threads, let id = threads.first(in: &table) { table.set(id, count) }
    for index in limits.indices {
      if let value = limits[index].value, let id = limits[index].series.first(in: &table) {
        table.set(id, value)
      }
    }
    showFinished(in: &table)
  }

  mutating func awaitAnswers(nanoseconds: Int64) {
    let deadline = clock() + nanoseconds
    if walk != nil { goOn { [clock] in clock() >= deadline } }
  }

  mutating func forgetSeries() {
    threads.forget()
    for index in limits.indices { limits[index].series.forget() }
    totals.forget()
    states.removeAll()
  }

  private mutating func advance(at now: Int64) {
    let elapsed = min(now - (passedAt ?? now), Self.restNanoseconds)
    let budget = max(
      Self.budgetPerSecond, min(elapsed / 1_000_000_000 * Self.budgetPerSecond, Self.maximumBudget))
    passedAt = now
    if walk != nil { goOn { [clock] in clock() - now >= budget } }
  }

  private mutating func goOn(until isLate: () -> Bool) {
    guard let walk else { return }
    switch walk.go(until: isLate) {
    case .underWay: return
    case .done: finished = (walk, clock() - (beganAt ?? 0))
    case .failed(let error):
      finished = nil
      failure = error
    }
    self.walk = nil
  }

  private mutating func showFinished(in table: inout SampleTable) {
    guard let finished, let first = totals.first(in: &table) else { return }
    table.set(first, finished.walk.total)
    table.set(first + 1, finished.nanoseconds / 1000)
    for (letter, count) in finished.walk.counts.enumerated() where count > 0 {
      guard !states.contains(where: { $0.letter == letter }) else { continue }
      let name = String(UnicodeScalar(UInt8(letter)))
      states.append((letter, FixedSeries([Self.state], [name])))
    }
    for index in states.indices {
      if let id = states[index].series.first(in: &table) {
        table.set(id, finished.walk.counts[states[index].letter])
      }
    }
  }
}
