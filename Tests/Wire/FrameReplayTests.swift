import GRPC
import Testing

@testable import Wire

/// Whatever a host does and whenever its streams are cut: what the receiver knows after a frame is what the
/// host knew when it wrote it.
@Suite struct FrameReplayTests {
  @Test(arguments: 0..<60)
  func theReceiverKnowsWhatTheHostKnew(_ seed: UInt64) throws {
    var run = Run(seed: seed)
    for _ in 0..<120 { try run.step() }
    try run.finish()
  }

  @Test func theFirstFrameOfAStreamListsWhatIsAbsent() throws {
    var host = TestHost()
    host.add("a", 5)
    host.add("b")
    host.add("c", 0)
    let frames = [
      host.frame(),
      {
        host.present[0] = false; return host.frame()
      }(),
    ]
    let base = FrameBase()
    try frames[0].withUnsafeBytes { try base.apply($0) }

    var bytes: [UInt8] = []
    try frames[1].withUnsafeBytes {
      try base.openingFrame(applying: $0, opening: opening, descriptors: host.descriptors, into: &bytes)
    }
    let seen = try FrameDecoder().see(bytes)
    #expect(seen.sequence == 2)
    #expect(seen.newSeries == 3)
    #expect(seen.gone == [0, 1])
    #expect(seen.changes == [DecodedFrame.Change(index: 2, raw: 0)])
  }

  @Test func theBaseStaysAsItIsWhenBytesAreNotItsNextFrame() throws {
    var host = TestHost()
    host.add("a", 5)
    let first = host.frame()
    host.add("b", 6)
    let second = host.frame()
    host.values[1] = 7
    let third = host.frame()

    let base = FrameBase()
    try first.withUnsafeBytes { try base.apply($0) }
    for wrong in [third, Array(second.dropLast()), []] {
      #expect(status { try wrong.withUnsafeBytes { try base.apply($0) } }?.code == .invalidArgument)
      #expect(base.describedSeries == 1)
    }
    var bytes: [UInt8] = []
    #expect(
      status {
        try second.withUnsafeBytes {
          try base.openingFrame(
            applying: $0, opening: opening, descriptors: [host.descriptors[0]], into: &bytes)
        }
      } == Status(.internalError, "2 series in stored frames, 1 described"))
    #expect(bytes.isEmpty)
    try second.withUnsafeBytes { try base.apply($0) }
    try third.withUnsafeBytes { try base.apply($0) }
    #expect(base.describedSeries == 2)
  }
}

/// One host, its stored frames, and a receiver; every step is drawn from the seed.
private struct Run {
  var random: SeededGenerator
  var host = TestHost()
  let base = FrameBase()
  /// One receiver after the other lists in the same memory.
  let lists = FrameLists()
  /// Frames held, and what the host knew with each.
  var held: [(frame: [UInt8], truth: Truth)] = []
  /// The stream, and how many of the frames held it has seen; nil: no stream.
  var stream: (decoder: FrameDecoder, sent: Int)?
  /// The config that the stream's receiver takes to be in force.
  var config: [UInt8] = []

  struct Truth {
    var state: [Int64?]
    var config: [UInt8]
  }

  init(seed: UInt64) {
    random = SeededGenerator(seed: seed)
    for index in 0..<5 { host.add("start_\(index)", type: index == 2 ? .double : .integer, Int64(index)) }
  }

  mutating func step() throws {
    live()
    let frame = host.frame()
    held.append((frame, Truth(state: host.state, config: host.config)))
    if random.chance(12) { stream = nil }
    if stream == nil, random.chance(50) { stream = (FrameDecoder(listingIn: lists), 0) }
    try send(atMost: Int.random(in: 0...6, using: &random))
    if random.chance(30) { try acknowledge() }
    if held.count > 12 { try dropOldest(Int.random(in: 1...4, using: &random)) }
  }

  mutating func finish() throws {
    stream = (FrameDecoder(), 0)
    try send(atMost: .max)
  }

  private mutating func live() {
    if random.chance(10) {
      host.config = [[], .sha256(1), .sha256(2)].randomElement(using: &random)!
    }
    for index in host.values.indices where random.chance(25) {
      switch Int.random(in: 0..<8, using: &random) {
      case 0: host.present[index].toggle()
      case 1: host.values[index] = Int64.random(in: .min ... .max, using: &random)
      case 2: host.values[index] = [0, .min, .max, -1].randomElement(using: &random)!
      default: host.values[index] &+= Int64.random(in: -3...100, using: &random)
      }
    }
    if random.chance(15) {
      let type: ValueType = random.chance(30) ? .double : .integer
      host.add("later_\(host.values.count)", type: type, random.chance(70) ? 77 : nil)
    }
  }

  private mutating func send(atMost count: Int) throws {
    guard let decoder = stream?.decoder, var sent = stream?.sent else { return }
    for _ in 0..<min(count, held.count - sent) {
      let (frame, truth) = held[sent]
      if sent == 0, decoder.opening == nil {
        var first: [UInt8] = []
        try frame.withUnsafeBytes {
          try base.openingFrame(applying: $0, opening: opening, descriptors: host.descriptors, into: &first)
        }
        config = try #require(try decoder.see(first).config)
      } else if let change = try decoder.see(frame).config {
        #expect(change != config)
        config = change
      }
      #expect(decoder.state == truth.state)
      #expect(config == truth.config)
      sent += 1
    }
    stream = (decoder, sent)
  }

  private mutating func acknowledge() throws {
    guard let (_, sent) = stream, sent > 0 else { return }
    try forget(Int.random(in: 1...sent, using: &random))
  }

  /// The buffer is full. What the stream has not seen is lost to it, so the stream must end.
  private mutating func dropOldest(_ count: Int) throws {
    if let (_, sent) = stream, sent < count { stream = nil }
    try forget(count)
  }

  private mutating func forget(_ count: Int) throws {
    for (frame, _) in held[..<count] { try frame.withUnsafeBytes { try base.apply($0) } }
    held.removeFirst(count)
    if let (decoder, sent) = stream { stream = (decoder, sent - count) }
  }
}
