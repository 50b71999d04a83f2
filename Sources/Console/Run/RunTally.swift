import Wire

/// How a run stands: how many hosts have answered, and what.
struct RunTally: Equatable {
  /// What is told of hosts that are not ok, in this order.
  private static let troubles: [CommandOutcome] = [
    .failed, .refused, .timedOut, .unreachable, .lost, .expired, .cancelled, .unsupported, .unknown,
  ]

  private var counts: [CommandOutcome: Int] = [:]
  /// Hosts the command is for, as far as that is known.
  private(set) var total = 0

  /// The aggregator says how many there are.
  mutating func expect(_ hosts: Int) { total = max(total, hosts) }

  /// A host has answered.
  mutating func count(_ outcome: CommandOutcome) {
    counts[outcome, default: 0] += 1
    total = max(total, done)
  }

  /// Hosts with this outcome.
  subscript(outcome: CommandOutcome) -> Int { counts[outcome] ?? 0 }

  /// Hosts with a result, whatever it was.
  var done: Int { counts.values.reduce(0, +) }

  /// Whether every host answered, and each said ok. Of nobody that is not true.
  var isAllWell: Bool { total > 0 && self[.ok] == total }

  /// `312/1000, 3 refused, 2 timed out`
  var progressLine: String {
    (["\(done)/\(total)"] + troubleTexts).joined(separator: ", ")
  }

  /// `995 of 1000 hosts ok, 3 refused, 2 timed out, in 1.2s`
  func summary(elapsedMicroseconds: Int64) -> String {
    var parts = ["\(self[.ok]) of \(Units.counted(total, "host")) ok"] + troubleTexts
    if done < total { parts.append("\(total - done) without an answer") }
    parts.append("in \(Units.duration(microseconds: elapsedMicroseconds))")
    return parts.joined(separator: ", ")
  }

  private var troubleTexts: [String] {
    Self.troubles.compactMap { self[$0] > 0 ? "\(self[$0]) \($0.word)" : nil }
  }
}
