import GRPC
import VirtualTime

/// What is written down of a run: what was wrong, always; what happened, if somebody wants to read it.
final class Journal {
  /// More complaints than this are not kept: the first says it.
  static let maximumComplaints = 20

  private let timeline: Timeline
  private let isTold: Bool
  private(set) var complaints: [String] = []
  /// FNV-1a over all that happened: two runs that agree in it were the same.
  private(set) var digest: UInt64 = 0xcbf2_9ce4_8422_2325

  init(_ timeline: Timeline, isTold: Bool) {
    self.timeline = timeline
    self.isTold = isTold
  }

  /// Something happened to a host, or (-1) to the aggregator.
  func note(_ host: Int, _ kind: Happening, _ text: @autoclosure () -> String = "") {
    mix(UInt64(bitPattern: timeline.now.nanoseconds))
    mix(UInt64(bitPattern: Int64(host)) << 8 | UInt64(kind.rawValue))
    guard isTold else { return }
    print("\(stamp) \(host < 0 ? "aggregator" : "h\(host)") \(kind) \(text())")
  }

  /// What must not be.
  func complain(_ text: String) {
    guard complaints.count < Self.maximumComplaints else { return }
    complaints.append("\(stamp): \(text)")
    if isTold { print("\(stamp) WRONG: \(text)") }
  }

  private var stamp: String {
    let tenths = timeline.now.nanoseconds / 100_000
    return "\(tenths / 10_000).\(String(tenths % 10_000 + 10_000).dropFirst())"
  }

  private func mix(_ value: UInt64) {
    digest = (digest ^ value) &* 0x0000_0100_0000_01b3
    digest ^= digest >> 29
  }
}

/// Kinds of things that happen.
enum Happening: UInt8 {
  case starts, crashes, stops, isCut, isUnreachable, connects, isWelcomed, watches
  case isOffered, tries, persists, applies, says, isStamped, isConfirmed, isSentOffer, isSentConfirm
  case commits, fails, isOrdered, refuses, heals, ends
}
