import GRPC
import ProcFS
import Sampling
import Synchronization
import Wire

@testable import Collector

/// A collector that commands can be tried on.
final class FakeEnvironment: CommandEnvironment {
  var root = ProcRoot(path: "/nowhere")
  var calls = KernelCalls(
    filesystemUsage: { _ in .failure(SystemCallError(2)) }, refreshSystemName: { _ in false })
  var clock: @Sendable () -> Int64 = { 0 }
  var filters = FilterSettings()
  var sourceStatuses: [SourceStatus] = []
  var seriesStanding = SeriesStanding()
  var stuckMounts: [StuckMount] = []
  var recorder = Recorder(opening: .test)
  var settingsFile = "/etc/muster/collector.yaml"
  var settings: [CommandFact] = []
  var config: [CommandFact] = []
  var configStatus = ConfigStatus()
  var state: [CommandFact] = []
  var counters: [CommandFact] = []
  var recentLogLines: [String] = []
  var stateDirectory = "/tmp"
  var clockOffsetMicroseconds: Int64?
  var budget = BudgetStanding()
}

extension StreamOpening {
  static let test = StreamOpening(
    hostID: "00112233445566778899aabbccddeeff", bootID: "b", epoch: 1, instance: "test")
}

extension Moment {
  /// So many seconds into the test.
  static func at(_ seconds: Double) -> Moment {
    Moment(
      instant: Instant(nanoseconds: Int64(seconds * 1e9)),
      wallMicroseconds: 1_700_000_000_000_000 + Int64(seconds * 1e6))
  }
}

extension Command {
  /// One that may begin.
  static func test(_ id: String, _ action: Action?, key: String = "", output: UInt32 = 0) -> Command {
    Command(
      id: id, timeToLiveMilliseconds: 1000, timeoutMilliseconds: 5000, outputLimitBytes: output,
      idempotencyKey: key, action: action)
  }
}

extension CommandDesk {
  /// All that waits, as short texts: `a output`, `a ok`, `a effect`; what was said is in `outputs`.
  func told(_ outputs: inout [CommandOutput]) -> [String] {
    var told: [String] = []
    while let event = takeEvent() {
      switch event {
      case .output(let output):
        told.append("\(output.id) output \(output.part)")
        outputs.append(output)
      case .result(let result):
        let reason = result.reason.isEmpty ? "" : ": \(result.reason)"
        told.append("\(result.id) \(result.outcome)\(reason)")
      case .effect(_, let id): told.append("\(id) effect")
      }
    }
    return told
  }

  var told: [String] {
    var outputs: [CommandOutput] = []
    return told(&outputs)
  }

  /// Takes steps when they are due, in virtual time, until nothing is under way; the results and outputs.
  func run(from start: Moment, steps limit: Int = 100_000) -> (told: [String], outputs: [CommandOutput]) {
    var now = start
    var told: [String] = []
    var outputs: [CommandOutput] = []
    for _ in 0..<limit {
      told += self.told(&outputs)
      guard let deadline = nextDeadline else { break }
      if deadline > now.instant { now = now.advanced(by: deadline - now.instant) }
      step(at: now)
    }
    return (told, outputs)
  }
}
