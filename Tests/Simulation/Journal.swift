import GRPC
import Glibc
import VirtualTime

/// What happened in a run: the last lines of it, a digest of all of it, and the first thing that went wrong.
final class Journal {
  /// Lines that are kept for a report.
  static let kept = 60
  private static let isTraced = getenv("MUSTER_SIMULATION_TRACE") != nil

  private let timeline: Timeline
  private(set) var lines: [String] = []
  /// FNV-1a over all lines: two runs of a seed must agree.
  private(set) var digest: UInt64 = 0xcbf2_9ce4_8422_2325
  private(set) var trouble: String?

  init(_ timeline: Timeline) { self.timeline = timeline }

  func write(_ line: String) {
    let stamped = "\(timeline.now) \(line)"
    for byte in stamped.utf8 { digest = (digest ^ UInt64(byte)) &* 0x100_0000_01b3 }
    if lines.count == Self.kept { lines.removeFirst() }
    lines.append(stamped)
    if Self.isTraced { print(stamped) }
  }

  /// Notes what must not happen; the first is what the run is about from then on.
  func fail(_ what: String) {
    write("FAILED: \(what)")
    trouble = trouble ?? what
  }

  func expect(_ condition: Bool, _ what: @autoclosure () -> String) {
    if !condition { fail(what()) }
  }
}
