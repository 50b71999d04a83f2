import GRPC
import VirtualTime

/// One end of a cable.
protocol CableEnd: AnyObject {
  /// Bytes came.
  func arrived(_ bytes: [UInt8])
  /// The socket, full before, takes bytes again.
  func drained()
  /// The connection is over, and nothing more comes.
  func hungUp()
}

/// One TCP connection: bytes in order, late, in pieces, until it is closed or cut.
final class Cable {
  enum Side: Int {
    case client = 0
    case server = 1

    var other: Side { self == .client ? .server : .client }
  }

  /// One way. Counted by the side that sends.
  private struct Lane {
    /// Sent, not yet arrived: what the sender's socket holds.
    var waiting = 0
    /// When the last of them arrives; the next comes no sooner.
    var busyUntil = Instant(nanoseconds: 0)
    /// Of the bytes on the way, how many still arrive: fewer than all once it was cut.
    var passing = Int.max
    /// How much later than they would have, since it was cut: perhaps when its sender speaks on another cable.
    var linger = Duration.zero
    /// The sender found the socket full.
    var isSenderBlocked = false
    /// Nothing more goes onto it: cut, or closed by one of its ends.
    var isOver = false
  }

  private let timeline: Timeline
  private let conditions: Conditions
  private var chance: Chance
  private var lanes = [Lane(), Lane()]
  private var ends: [(any CableEnd)?] = [nil, nil]
  private var isCut = false

  init(_ timeline: Timeline, _ conditions: Conditions, seed: UInt64) {
    self.timeline = timeline
    self.conditions = conditions
    chance = Chance(seed: seed)
  }

  func attach(_ end: any CableEnd, to side: Side) { ends[side.rawValue] = end }

  /// How many bytes the side's socket takes now. Asking and being told 0 means being told when it changes.
  func room(for side: Side) -> Int {
    // A lane that is over swallows everything, as a socket does until it knows.
    if lanes[side.rawValue].isOver { return Int.max }
    let room = max(0, conditions.socketBytes - lanes[side.rawValue].waiting)
    if room == 0 { lanes[side.rawValue].isSenderBlocked = true }
    return room
  }

  func send(_ bytes: [UInt8], from side: Side) {
    guard !bytes.isEmpty, !lanes[side.rawValue].isOver else { return }
    lanes[side.rawValue].waiting += bytes.count
    var rest = bytes[...]
    for left in (1...Int.random(in: 1...conditions.pieces, using: &chance)).reversed() where !rest.isEmpty {
      let count = left == 1 ? rest.count : Int.random(in: 1...rest.count, using: &chance)
      carry(Array(rest.prefix(count)), from: side)
      rest = rest.dropFirst(count)
    }
  }

  /// The side closes its socket: the other hears of it after the last byte.
  func close(from side: Side) {
    ends[side.rawValue] = nil
    guard !isCut else { return }
    lanes[side.rawValue].isOver = true
    lanes[side.other.rawValue].isOver = true
    hangUp(
      side.other, at: max(lanes[side.rawValue].busyUntil, timeline.now) + chance.duration(conditions.latency))
  }

  /// Cuts it: of what is on its way, some still arrives. `silently`: neither end is told, ever.
  func cut(silently: Bool) {
    guard !isCut else { return }
    isCut = true
    for side in [Side.client, .server] {
      lanes[side.rawValue].passing = Int.random(in: 0...lanes[side.rawValue].waiting, using: &chance)
      lanes[side.rawValue].linger = chance.happens(0.5) ? .zero : chance.duration(.zero ... .seconds(5))
      // A silent cut leaves a socket that fills up.
      lanes[side.rawValue].isOver = !silently
    }
    guard !silently else { return }
    for side in [Side.client, .server] {
      let lastArrival = lanes[side.other.rawValue].busyUntil + lanes[side.other.rawValue].linger
      // Whoever was cut off notices at once, whatever is still on its way.
      let isNoticed = chance.happens(0.5)
      hangUp(
        side,
        at: isNoticed ? timeline.now : max(timeline.now + chance.duration(.zero ... .seconds(3)), lastArrival)
      )
    }
  }

  private func carry(_ bytes: [UInt8], from side: Side) {
    let lane = side.rawValue
    let transfer = Duration.microseconds(Int64(bytes.count) * 1_000_000 / Int64(conditions.bytesPerSecond))
    let free = max(lanes[lane].busyUntil, timeline.now) + transfer
    let due = max(free, timeline.now + transfer + chance.duration(conditions.latency))
    lanes[lane].busyUntil = due
    timeline.at(due) { [self] in
      let linger = lanes[lane].linger
      timeline.after(linger) { [self] in deliver(bytes, from: side) }
    }
  }

  private func deliver(_ bytes: [UInt8], from side: Side) {
    let lane = side.rawValue
    let passing = min(bytes.count, lanes[lane].passing)
    if lanes[lane].passing != .max { lanes[lane].passing -= passing }
    if passing > 0 { ends[side.other.rawValue]?.arrived(Array(bytes.prefix(passing))) }
    // What was cut off is never acknowledged, and stays in the sender's socket.
    guard !isCut else { return }
    lanes[lane].waiting -= bytes.count
    guard lanes[lane].isSenderBlocked else { return }
    lanes[lane].isSenderBlocked = false
    ends[lane]?.drained()
  }

  private func hangUp(_ side: Side, at due: Instant) {
    timeline.at(due) { [self] in
      let end = ends[side.rawValue]
      ends[side.rawValue] = nil
      end?.hungUp()
    }
  }
}
