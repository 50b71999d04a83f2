import Link
import LoadLoop

/// What the command line says.
struct Options {
  enum Mode: String {
    case fanIn = "fan-in"
    case hot, hold, storm, unary
    case unaryNIO = "unary-nio"
  }

  let mode: Mode
  private(set) var host = "127.0.0.1"
  private(set) var port: UInt16 = 0
  /// PEM file of the server's certificate: TLS is spoken.
  private(set) var caFile: String?
  /// The server's process, whose CPU time and memory are measured.
  private(set) var serverPID: Int32?
  /// The server only takes bytes: what it answers is not looked at.
  private(set) var isSink = false
  private(set) var connections = 1
  /// Connections being opened at once.
  private(set) var concurrency = 64
  private(set) var seconds = 10
  private(set) var intervalMilliseconds = 1000
  private(set) var messageBytes = 600
  private(set) var messages = 1000

  var target: LinkTarget { LinkTarget(host: host, port: port) }
  /// The certificate is made out to `localhost`.
  var tls: LinkTLS? { caFile.map { LinkTLS(caFile: $0, serverName: "localhost") } }

  /// The process to be measured.
  func measuredServer() throws -> Int32 {
    guard let serverPID else { throw LoadError("--server-pid is missing") }
    return serverPID
  }

  init(_ arguments: [String]) throws {
    let line: (mode: Mode, flags: [(name: String, value: String)]) = try readCommandLine(arguments)
    mode = line.mode
    for (name, value) in line.flags { try set(name, value) }
    guard port > 0 else { throw UsageError("--port is missing") }
  }

  private mutating func set(_ name: String, _ value: String) throws {
    switch name {
    case "--host": host = value
    case "--port": port = try number(name, value)
    case "--ca-file": caFile = value
    case "--server-pid": serverPID = try number(name, value)
    case "--sink": isSink = value == "true"
    case "--connections": connections = try number(name, value)
    case "--concurrency": concurrency = try number(name, value)
    case "--seconds": seconds = try number(name, value)
    case "--interval-ms": intervalMilliseconds = try number(name, value)
    case "--message-bytes": messageBytes = try number(name, value)
    case "--messages": messages = try number(name, value)
    default: throw UsageError("\(name) is unknown")
    }
  }
}
