import Link
import LoadLoop

/// What the command line says.
struct Options {
  enum Mode: String {
    case frames, tail
  }

  let mode: Mode
  private(set) var host = "127.0.0.1"
  private(set) var port: UInt16 = 0
  /// The aggregator's process, whose CPU time and memory are measured; nil: neither.
  private(set) var serverPID: Int32?
  private(set) var connections = 1
  private(set) var seconds = 10
  private(set) var intervalMilliseconds = 1000
  private(set) var series = 370
  /// How many of the series change with each frame.
  private(set) var changes = 90
  /// Which metrics a tail asks for.
  private(set) var pattern = "load_metric_0_total"

  var target: LinkTarget { LinkTarget(host: host, port: port) }

  init(_ arguments: [String]) throws {
    let line: (mode: Mode, flags: [(name: String, value: String)]) = try readCommandLine(arguments)
    mode = line.mode
    for (name, value) in line.flags { try set(name, value) }
    guard port > 0 else { throw UsageError("--port is missing") }
    guard changes <= series else { throw UsageError("more changes than series") }
  }

  private mutating func set(_ name: String, _ value: String) throws {
    switch name {
    case "--host": host = value
    case "--port": port = try number(name, value)
    case "--server-pid": serverPID = try number(name, value)
    case "--connections": connections = try number(name, value)
    case "--seconds": seconds = try number(name, value)
    case "--interval-ms": intervalMilliseconds = try number(name, value)
    case "--series": series = try number(name, value)
    case "--changes": changes = try number(name, value)
    case "--pattern": pattern = value
    default: throw UsageError("\(name) is unknown")
    }
  }
}
