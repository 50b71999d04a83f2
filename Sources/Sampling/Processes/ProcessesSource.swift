import GRPC
import Glibc
import ProcFS
import Wire

/// `/proc/<pid>/stat` of all processes: `node_processes_*`, and the table of those that use most.
///
/// It is read in the background: a look at 20,000 processes takes some tenths of a second, and the kernel lets whoever reads
/// a process's files wait for a process that hangs. However often it is asked, it takes half a percent of a CPU at most:
/// between two looks it rests two hundred times as long as the one before took.
struct ProcessesSource: Source {
  /// Rest after a look, in times of what it took.
  static let restFactor: Int64 = 199
  /// Bytes of a command line that are kept.
  static let maximumCommandLine = 256

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

  /// What the last look has found, compared with the one before; nil: there were no two yet, or none is wanted.
  private(set) var table: ProcessTable?

  private let root: ProcRoot
  private let files: ProcessFiles
  private let loadFile: KernelFile
  private let limitFiles: [KernelFile]
  private let clock: @Sendable () -> Int64
  private var request = ProcessPass.Request()
  private var load = LoadAverage()
  private var threads = FixedSeries([threads])
  private var limits = [FixedSeries([maximumThreads]), FixedSeries([maximumPIDs])]
  private var totals = FixedSeries([pids, walkTime])
  /// By letter; those that were seen.
  private var states: [Int: FixedSeries] = [:]

  private var last: (pass: ProcessPass, nanoseconds: Int64)?
  private var details: ProcessDetails?
  private var nextLook = Int64.min

  init(root: ProcRoot, filters: FilterSettings, clock: @escaping @Sendable () -> Int64) {
    self.root = root
    files = ProcessFiles(root: root)
    loadFile = KernelFile(LoadAverage.path, of: root, shape: .record)
    limitFiles = ["threads-max", "pid_max"].map {
      KernelFile("proc/sys/kernel/" + $0, of: root, shape: .record, isKept: false)
    }
    self.clock = clock
    request.orders = [.cpu, .memory, .io]
    request.ranksIdle = false
    request.sparesIdle = true
    request.maximumProcesses = 131_072
    refilter(filters)
  }

  mutating func sample(
    into table: inout SampleTable, reading buffer: inout ReadBuffer, at now: Int64
  ) throws(KernelError) {
    try load.parse(try loadFile.read(into: &buffer))
    var maxima: [Int64?] = []
    for file in limitFiles { maxima.append(AttributeText.integer(try file.read(into: &buffer))) }
    if now >= nextLook { try look() }
    for (index, value) in maxima.enumerated() {
      if let value, let id = limits[index].first(in: &table) { table.set(id, value) }
    }
    if let count = load.threads, let id = threads.first(in: &table) { table.set(id, count) }
    show(in: &table)
  }

  mutating func forgetSeries() {
    threads.forget()
    for index in limits.indices { limits[index].forget() }
    totals.forget()
    // Those that were seen: they are shown from then on.
    for letter in states.keys { states[letter]?.forget() }
  }

  mutating func refilter(_ filters: FilterSettings) {
    request.count = filters.topProcesses
    request.grouping = filters.topProcesses > 0 ? filters.processGrouping : .none
    request.keepsMarks = filters.topProcesses > 0
    if filters.topProcesses == 0 { (table, details) = (nil, nil) }
  }

  private mutating func look() throws(KernelError) {
    let began = clock()
    let earlier = last.flatMap { $0.pass.request.keepsMarks ? $0.pass : nil }
    let pass = ProcessPass(request, files: files, after: earlier)
    last = nil
    while !pass.step(at: moment) {}
    if let failure = pass.failure ?? pass.unreadable { throw failure }
    guard pass.hasFirst else {
      throw .denied(path: "/proc/1 (processes of others are hidden)", errno: EPERM)
    }
    if earlier != nil, request.count > 0 { describe(pass) }
    let ended = clock()
    last = (pass, ended - began)
    nextLook = ended + (ended - began) * Self.restFactor
  }

  private mutating func describe(_ pass: ProcessPass) {
    let details = ProcessDetails(
      of: pass, files: files, root: root, maximumCommandLine: Self.maximumCommandLine, knowing: details)
    var list: ProcessList?
    while list == nil { list = details.step(at: moment) }
    self.details = details
    guard var list else { return }
    list.top = UInt32(clamping: request.count)
    list.grouping = request.grouping
    list.groups = pass.groups.top(request.count).map { group in
      var group = group
      group.name = SecretMask.printable(group.name.utf8)
      return group
    }
    list.groupTotal = UInt32(clamping: pass.groups.total)
    table = ProcessTable(list, number: (table?.number ?? 0) + 1, at: clock())
  }

  /// Of the sampler's clock, which is both clocks here.
  private var moment: Moment {
    let now = clock()
    return Moment(instant: Instant(nanoseconds: now), wallMicroseconds: now / 1000)
  }

  private mutating func show(in table: inout SampleTable) {
    guard let last, let first = totals.first(in: &table) else { return }
    table.set(first, Int64(last.pass.total - last.pass.gone))
    table.set(first + 1, last.nanoseconds / 1000)
    for (letter, count) in last.pass.states.enumerated() where count > 0 || states[letter] != nil {
      let name = String(UnicodeScalar(UInt8(letter)))
      if let id = states[letter, default: FixedSeries([Self.state], [name])].first(in: &table) {
        table.set(id, count)
      }
    }
  }
}
