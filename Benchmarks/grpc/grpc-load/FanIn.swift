import GRPC
import LoadLoop

/// Many connections that each say a little, at a steady pace, as a fleet of collectors does.
struct FanIn {
  /// Before the measured time: first messages cost buffers, and a server's threads have to settle.
  private static let warmUp = Duration.seconds(2)
  /// A message that leaves so much later than it should is late: the machine is overloaded then.
  private static let lateness = Duration.milliseconds(100)

  private let fleet: Fleet
  private let server: ServerProcess
  private let interval: Duration
  private let time: Duration
  private let connections: Int

  init(_ options: Options) throws {
    fleet = try Fleet(options)
    server = try ServerProcess(options.measuredServer())
    interval = .milliseconds(options.intervalMilliseconds)
    time = .seconds(options.seconds)
    connections = options.connections
  }

  func run() throws -> Report {
    try fleet.open()
    try fleet.startCalls()
    _ = try send(for: Self.warmUp)
    let before = try server.cpuTime()
    let (sent, late) = try send(for: time)
    let cpu = try server.cpuTime() - before
    try fleet.finishCalls()
    fleet.close()

    var report = Report()
    report.add("connections", connections)
    report.add("messages", sent)
    report.add("late", late)
    report.add("server_cpu_us_per_message", cpu / .microseconds(1) / Double(sent))
    return report
  }

  /// One message per connection and interval, evenly spread over the interval.
  private func send(for time: Duration) throws -> (sent: Int, late: Int) {
    let gap = interval / connections
    let start = monotonic()
    let total = Int(time / gap)
    var late = 0
    for number in 0..<total {
      let due = start + gap * number
      try wait(until: due)
      if monotonic() - due > Self.lateness { late += 1 }
      let peer = fleet.peers[number % connections]
      peer.send()
      try fleet.flush(peer)
    }
    return (total, late)
  }

  private func wait(until due: Instant) throws {
    while true {
      let rest = due - monotonic()
      guard rest > .zero else { return }
      try fleet.turn(rest)
    }
  }
}
