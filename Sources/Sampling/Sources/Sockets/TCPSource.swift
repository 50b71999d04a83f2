import Glibc
import ProcFS
import Wire

/// `node_tcp_connection_states`: how many TCP sockets are in which state, from sock_diag(7).
struct TCPSource: Source {
  /// With more TCP sockets than this in use the established connections are not looked at one by one.
  static let maximumConnectionsRead: Int64 = 2048
  /// Sockets looked at in one reading; the next reading goes on.
  static let maximumSocketsAtOnce = 8192

  static let about = """
    Both families together, as node_exporter's collector `tcpstat` shows them; each state is there, also with 0.

    The kernel is never asked for connections in TIME_WAIT: their number is `tw` in /proc/net/sockstat without the \
    FIN_WAIT2 that the kernel counts there, too. With more than \(maximumConnectionsRead) TCP sockets in use it is \
    not asked for established connections either: their number is `inuse` in sockstat and sockstat6 without the \
    sockets in the other states, and `rx_queued_bytes` and `tx_queued_bytes` are absent. (`CurrEstab` would not do: it \
    has connections in CLOSE_WAIT in it on newer kernels.) \
    At most \(maximumSocketsAtOnce) sockets are looked at in one reading; if there are more, values change every few \
    readings, when all have been counted. The kernel goes through all connections even so, 64,000 of them in 6 ms; at \
    most a 500th of the time is spent on that, so that with very many values are older than the interval.

    The queued bytes are those of connections; node_exporter adds the accept queues of listening sockets, and their \
    limits.

    A kernel without `INET_DIAG` does not offer this; one that has it as a module loads it. Not shown if the \
    collector reads another root than `/`: netlink tells of this machine only.
    """

  static let metrics = TCPSeries.metrics

  private static let allButTimeWait = TCPStateSet(allBut: [.timeWait])
  private static let fewStates = TCPStateSet(allBut: [.timeWait, .established])

  /// A whole count, and what the kernel said of all sockets when it was begun.
  private struct Count {
    var totals = TCPTotals()
    var inUse = TCPInUse()
    var hasEstablished = false
  }

  private let root: ProcRoot
  private let file: KernelFile
  private let file6: KernelFile
  private var sockets = TCPSockets()
  private var underWay = Count()
  private var last: Count?
  private var pace = WorkPace()
  private let clock: @Sendable () -> Int64
  private var series = TCPSeries()

  init(root: ProcRoot, clock: @escaping @Sendable () -> Int64) {
    self.root = root
    self.clock = clock
    file = KernelFile(TCPInUse.path, of: root)
    file6 = KernelFile(TCPInUse.path6, of: root)
  }

  mutating func sample(
    into table: inout SampleTable, reading buffer: inout ReadBuffer, at now: Int64
  ) throws(KernelError) {
    guard root.isOwn else { throw .unsupported(path: TCPSockets.path, errno: EOPNOTSUPP) }
    do {
      if sockets.isCounting || !pace.isResting(at: now) { try count(reading: &buffer) }
    } catch {
      last = nil
      throw error
    }
    if let last { show(last, in: &table) }
  }

  mutating func forgetSeries() {
    series = TCPSeries()
  }

  /// Counts on, or anew.
  private mutating func count(reading buffer: inout ReadBuffer) throws(KernelError) {
    let began = clock()
    if !sockets.isCounting { try begin(reading: &buffer) }
    let isWhole = try sockets.count(atMost: Self.maximumSocketsAtOnce, into: &buffer)
    let ended = clock()
    pace.note(from: began, to: ended)
    guard isWhole else { return }
    underWay.totals = sockets.totals
    last = underWay
    pace.finish(at: ended)
  }

  private mutating func begin(reading buffer: inout ReadBuffer) throws(KernelError) {
    var inUse = TCPInUse()
    try inUse.add(file.read(into: &buffer), of: TCPInUse.path)
    do {
      try inUse.add(file6.read(into: &buffer), of: TCPInUse.path6)
    } catch {
      // Without IPv6 there is none.
      guard case .unsupported = error else { throw error }
    }
    underWay.inUse = inUse
    underWay.hasEstablished = inUse.sockets <= Self.maximumConnectionsRead
    try sockets.begin(underWay.hasEstablished ? Self.allButTimeWait : Self.fewStates)
  }

  private mutating func show(_ count: Count, in table: inout SampleTable) {
    let totals = count.totals
    for state in TCPState.allCases {
      switch state {
      case .timeWait:
        series.set(state, max(0, count.inUse.waiting - totals.heldInFinWait2), in: &table)
      case .established where !count.hasEstablished:
        series.set(state, max(0, count.inUse.sockets - totals.inUse), in: &table)
      default:
        series.set(state, totals[state], in: &table)
      }
    }
    if count.hasEstablished {
      series.setQueues(received: totals.receiveQueueBytes, sent: totals.sendQueueBytes, in: &table)
    }
    series.setListening(totals, in: &table)
  }
}
