import GRPC
import LoadLoop

/// A fleet that connects all at once, as after a restart of the server.
struct Storm {
  private let fleet: Fleet
  private let server: ServerProcess
  private let connections: Int

  init(_ options: Options) throws {
    fleet = try Fleet(options)
    server = try ServerProcess(options.measuredServer())
    connections = options.connections
  }

  func run() throws -> Report {
    let (start, before) = (monotonic(), try server.cpuTime())
    try fleet.open()
    let (time, cpu) = (monotonic() - start, try server.cpuTime() - before)
    fleet.close()

    var report = Report()
    report.add("connections", connections)
    report.add("seconds", time / .seconds(1))
    report.add("server_cpu_us_per_connection", cpu / .microseconds(1) / Double(connections))
    return report
  }
}
