import GRPC
import Glibc
import LoadLoop

/// Connections that have carried a few messages each, and stand: what they cost in memory.
struct Hold {
  /// The server has handled everything when it uses less than this share of a core for a while.
  private static let idleShare = 0.05
  private static let idleTime = Duration.milliseconds(500)

  private let fleet: Fleet
  private let server: ServerProcess
  private let options: Options

  init(_ options: Options) throws {
    fleet = try Fleet(options)
    server = try ServerProcess(options.measuredServer())
    self.options = options
  }

  func run() throws {
    let before = try server.residentBytes()
    try fleet.open()
    try fleet.startCalls()
    for _ in 1..<options.messages {
      for peer in fleet.peers {
        peer.send()
        try fleet.flush(peer)
      }
      try fleet.drain()
    }
    try waitUntilServerIsIdle()
    let bytes = try server.residentBytes() - before

    var report = Report()
    report.add("connections", options.connections)
    report.add("server_idle_bytes", before)
    report.add("server_bytes_per_connection", Double(bytes) / Double(options.connections))
    report.print()
    try fleet.wait("stdin to close") { hasStandardInputEnded() }
    fleet.close()
  }

  private func waitUntilServerIsIdle() throws {
    var (start, before) = (monotonic(), try server.cpuTime())
    try fleet.wait("the server to be idle") {
      let time = monotonic() - start
      guard time >= Self.idleTime else { return false }
      let cpu = try server.cpuTime()
      if cpu - before < time * Self.idleShare { return true }
      (start, before) = (monotonic(), cpu)
      return false
    }
  }

  private func hasStandardInputEnded() -> Bool {
    var input = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
    guard poll(&input, 1, 0) > 0 else { return false }
    var byte: UInt8 = 0
    return read(STDIN_FILENO, &byte, 1) <= 0
  }
}
