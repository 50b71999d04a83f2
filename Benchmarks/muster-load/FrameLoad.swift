import GRPC
import Glibc
import LoadLoop

/// A fleet of collectors: all connect, describe their series, and then send a frame each interval.
struct FrameLoad {
  /// Before the measured time: first frames cost memory, and the aggregator's threads have to settle.
  private static let warmUp = Duration.seconds(3)
  /// How long the last frames may take to be acknowledged.
  private static let grace = Duration.seconds(3)
  /// A frame that is acknowledged so much later than it was sent is late: the aggregator acknowledges what has come every
  /// five seconds, with the next frame.
  private static let lateness = Duration.seconds(5 + 2)

  private let fleet: LoadFleet
  private let server: ServerProcess?
  private let interval: Duration
  private let time: Duration

  init(_ options: Options) throws {
    fleet = try LoadFleet(options)
    server = try options.serverPID.map { try ServerProcess($0) }
    interval = .milliseconds(options.intervalMilliseconds)
    time = .seconds(options.seconds)
  }

  func run() throws -> Report {
    try fleet.open()
    _ = try send(for: Self.warmUp)
    for host in fleet.hosts { host.startMeasuring() }
    announce()
    let before = try server?.cpuTime() ?? .zero
    let (sent, leftLate) = try send(for: time)
    let cpu = try server.map { try $0.cpuTime() - before }
    let resident = try server?.residentBytes()
    try fleet.endFrames()
    try fleet.turn(for: Self.grace) { fleet.hosts.allSatisfy { $0.acknowledged == $0.sequence } }
    let report = try report(sent: sent, leftLate: leftLate, cpu: cpu, resident: resident)
    fleet.close()
    return report
  }

  /// Tells whoever reads along that the measured time begins.
  private func announce() {
    var report = Report()
    report.add("connected", fleet.hosts.count)
    report.print()
  }

  /// One frame per connection and interval, evenly spread over the interval.
  private func send(for time: Duration) throws -> (sent: Int, leftLate: Int) {
    let gap = interval / fleet.hosts.count
    let start = monotonic()
    let total = Int(time / gap)
    var late = 0
    for number in 0..<total {
      let due = start + gap * number
      try fleet.turn(until: due)
      if monotonic() - due > interval / 2 { late += 1 }
      try fleet.sendFrame(number % fleet.hosts.count)
    }
    return (total, late)
  }

  private func report(sent: Int, leftLate: Int, cpu: Duration?, resident: Int?) throws -> Report {
    let hosts = fleet.hosts
    let missing = hosts.reduce(0) { $0 + $1.sequence - $1.acknowledged }
    guard missing == 0 else { throw LoadError("\(missing) frames were not acknowledged") }
    let delays = hosts.flatMap(\.acknowledgementDelays)
    var report = Report()
    report.add("connections", hosts.count)
    report.add("frames", sent)
    report.add("left_late", leftLate)
    report.add("late", delays.count { $0 > Self.lateness })
    report.add("frame_bytes", hosts.last?.frameBytes ?? 0)
    report.add("pings", hosts.reduce(0) { $0 + $1.pings })
    report.add("confirmed", hosts.reduce(0) { $0 + $1.confirmed })
    report.add(latencies: delays, as: "ack_")
    if let cpu { report.add("server_cpu_us_per_frame", cpu / .microseconds(1) / Double(sent)) }
    if let resident { report.add("server_resident_bytes", resident) }
    return report
  }
}
