import Foundation

/// An aggregator and collectors of one test, on a free loopback port and in a folder of their own.
final class TestFleet {
  let folder: URL
  let port: Int
  var aggregator: RunningProgram?
  private var collectors: [String: RunningProgram] = [:]
  /// What every command of the CLI is given beside its own.
  var options: [String] = []

  init(aggregatorConfiguration: String = "") throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "muster-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    port = try Self.freePort()
    try aggregatorConfiguration.write(
      to: folder.appending(path: "aggregator.yaml"), atomically: true, encoding: .utf8)
    try startAggregator()
  }

  deinit {
    aggregator?.signal(SIGKILL)
    collectors.values.forEach { $0.signal(SIGKILL) }
    try? FileManager.default.removeItem(at: folder)
  }

  var address: String { "127.0.0.1:\(port)" }

  func startAggregator() throws {
    let started = try RunningProgram(
      "muster-aggregator",
      [
        "--config", folder.appending(path: "aggregator.yaml").path, "--listen", address, "--state-directory",
        folder.appending(path: "aggregator").path,
      ])
    aggregator = started
    try started.wait(for: "listening")
  }

  @discardableResult
  func startCollector(
    _ name: String, interval: String = "100ms", configuration: String = ""
  ) throws -> RunningProgram {
    let state = folder.appending(path: name)
    try FileManager.default.createDirectory(at: state, withIntermediateDirectories: true)
    let file = settingsFile(of: name)
    try configuration.write(to: file, atomically: true, encoding: .utf8)
    let collector = try RunningProgram(
      "muster-collector",
      [
        "--config", file.path, "--aggregator", address, "--interval", interval, "--instance", name,
        "--state-directory", state.path,
      ])
    collectors[name] = collector
    return collector
  }

  /// Where a collector's settings are.
  func settingsFile(of name: String) -> URL { folder.appending(path: "\(name).yaml") }

  func muster(_ arguments: String...) throws -> (code: Int32, text: String) {
    try RunningProgram.run(
      "muster", arguments + options, environment: ["MUSTER_AGGREGATOR": address, "NO_COLOR": "1"])
  }

  /// `muster config push` of a document.
  func push(_ document: String, _ arguments: String...) throws -> (code: Int32, text: String) {
    let file = folder.appending(path: "document.yaml")
    try document.write(to: file, atomically: true, encoding: .utf8)
    return try RunningProgram.run(
      "muster", ["config", "push", file.path] + arguments + options,
      environment: ["MUSTER_AGGREGATOR": address, "NO_COLOR": "1"])
  }

  /// Waits until the audit tells of configuration as wanted; newest first, a JSON object a line.
  @discardableResult
  func configAudit(until condition: (String) -> Bool) throws -> String {
    let deadline = Date(timeIntervalSinceNow: RunningProgram.patience)
    var last = ""
    while Date() < deadline {
      last = try muster("audit", "--action", "config", "--output", "json").text
      if condition(last) { return last }
    }
    throw Failure("the audit never was as wanted; last seen:\n\(last)\n\(aggregator?.text ?? "")")
  }

  /// A host as `muster hosts --output json` shows it, once it is as wanted. Asks again and again: each
  /// question is a round trip, so nothing here depends on how fast the machine is.
  @discardableResult
  func host(_ name: String, until condition: (HostView) -> Bool = { _ in true }) throws -> HostView {
    let deadline = Date(timeIntervalSinceNow: RunningProgram.patience)
    var last: String = ""
    while Date() < deadline {
      let (code, text) = try muster("hosts", "--output", "json")
      last = text
      guard code == 0, let rows = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]]
      else {
        continue
      }
      if let row = rows.first(where: { $0["instance"] as? String == name }), condition(HostView(row)) {
        return HostView(row)
      }
    }
    throw Failure("host \(name) never was as wanted; last seen:\n\(last)\n\(aggregator?.text ?? "")")
  }

  /// A line of a command's output, once there is one as wanted.
  func line(of command: String..., until condition: (Substring) -> Bool) throws -> Substring {
    let deadline = Date(timeIntervalSinceNow: RunningProgram.patience)
    var last = ""
    while Date() < deadline {
      last = try RunningProgram.run(
        "muster", command + options, environment: ["MUSTER_AGGREGATOR": address, "NO_COLOR": "1"]
      ).text
      if let line = last.split(separator: "\n").first(where: condition) { return line }
    }
    throw Failure("\(command) never said what was wanted; last seen:\n\(last)\n\(aggregator?.text ?? "")")
  }

  /// One series of a host, by `muster latest`; nil if it is not there.
  func value(_ name: String, of host: String) throws -> Double? {
    let (code, text) = try muster("latest", host, name, "--output", "json")
    guard code == 0, let line = text.split(separator: "\n").first,
      let sample = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
    else { return nil }
    return sample["value"] as? Double
  }

  private static func freePort() throws -> Int {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let port = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bind(descriptor, address, length) == 0 && getsockname(descriptor, address, &length) == 0
      }
    }
    guard port else { throw Failure("no free port on loopback") }
    return Int(UInt16(bigEndian: address.sin_port))
  }
}

/// The parts of a host's JSON that the tests look at.
struct HostView {
  let state: String
  let id: String
  let epoch: Int
  let frames: Int
  let missing: Int
  let dropped: Int
  let buffered: Int
  let interval: Int
  let configState: String
  let cpu: Double?

  init(_ row: [String: Any]) {
    state = row["state"] as? String ?? ""
    id = row["host_id"] as? String ?? ""
    epoch = row["epoch"] as? Int ?? 0
    frames = row["frames"] as? Int ?? 0
    missing = row["missing_frames"] as? Int ?? -1
    dropped = row["dropped_frames"] as? Int ?? -1
    buffered = row["buffered_frames"] as? Int ?? -1
    interval = row["interval_ms"] as? Int ?? 0
    configState = row["config_state"] as? String ?? ""
    cpu = (row["vitals"] as? [String: Any])?["cpu_busy_ratio"] as? Double
  }
}
