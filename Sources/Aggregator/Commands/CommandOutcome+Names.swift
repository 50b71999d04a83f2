import Wire

extension CommandOutcome {
  /// Whether a host can say so of itself; the others are the aggregator's word.
  var isHostsWord: Bool {
    switch self {
    case .ok, .failed, .refused, .expired, .cancelled, .unsupported: true
    case .unknown, .timedOut, .lost, .unreachable: false
    }
  }
}

extension RunProgress {
  /// One more result.
  mutating func count(_ outcome: CommandOutcome) {
    done += 1
    switch outcome {
    case .ok: ok += 1
    case .refused: refused += 1
    case .timedOut: timedOut += 1
    case .unreachable: unreachable += 1
    case .unknown, .failed, .expired, .cancelled, .unsupported, .lost: failed += 1
    }
  }

  /// In one line: `312 of 1000 ok, 3 refused, 2 timed out`.
  var summary: String {
    let parts = [
      (failed, "failed"), (refused, "refused"), (timedOut, "timed out"), (unreachable, "unreachable"),
    ]
    let others = parts.filter { $0.0 > 0 }.map { ", \($0.0) \($0.1)" }
    let open = total > done ? ", \(total - done) without a result" : ""
    return "\(ok) of \(total) ok" + others.joined() + open
  }
}
