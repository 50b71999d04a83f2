import Synchronization
import Wire

/// The runs that wait for hosts, by the id of their command: where what hosts send finds its way to.
final class RunDirectory: Sendable {
  private let runs = Mutex<[String: ActiveRun]>([:])

  init() {}

  var count: Int { runs.withLock { $0.count } }

  func add(_ run: ActiveRun) {
    runs.withLock { $0[run.commandID] = run }
  }

  func remove(_ run: ActiveRun) {
    runs.withLock { $0[run.commandID] = nil }
  }

  func run(_ commandID: String) -> ActiveRun? {
    runs.withLock { $0[commandID] }
  }

  /// A host's control stream is over: what was sent down there is lost.
  func lost(_ hostID: String, stream: UInt64) {
    for run in runs.withLock({ Array($0.values) }) {
      run.change { $0.lost(hostID, stream: stream) }
    }
  }
}

extension Fleet {
  /// A host has sent a part of output, of so many bytes.
  func output(_ output: CommandOutput, bytes: Int, from host: Host?) {
    guard let host, let run = runs.run(output.id) else {
      counters.outputsRefused.add()
      return
    }
    let verdict = run.change { run in
      let verdict = run.output(output, bytes: bytes, from: host.id)
      return (verdict, [])
    }
    guard verdict != .taken else { return }
    counters.outputsRefused.add()
    if verdict == .flood { host.send(.cancel(id: output.id)) }
  }

  /// A host has said its last word on a command. One that nobody waits for is no fault: the run may be over.
  func result(_ result: CommandResult, from host: Host?) {
    guard let host, let run = runs.run(result.id) else { return }
    run.change { _ = $0.result(result, from: host.id) }
  }
}
