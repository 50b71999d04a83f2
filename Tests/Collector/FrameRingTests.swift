import GRPC
import Testing
import Wire

@testable import Collector

/// Frames of an epoch in which series appear and go, and now and then are described anew, as an encoder makes them.
private struct FrameSource {
  private var encoder = FrameEncoder()
  private(set) var descriptors: [SeriesDescriptor] = []
  private var values: [Int64] = []
  private var named = 0

  /// Forgets some of the series. Returns what frames have described until now.
  mutating func compact(random: inout some RandomNumberGenerator) -> [SeriesDescriptor] {
    let ended = descriptors
    encoder = FrameEncoder()
    let kept = descriptors.indices.filter { _ in Bool.random(using: &random) }
    (descriptors, values) = (kept.map { descriptors[$0] }, kept.map { values[$0] })
    return ended
  }

  mutating func frame(_ sequence: UInt64, random: inout some RandomNumberGenerator) -> [UInt8] {
    if descriptors.count < 40, Bool.random(using: &random) {
      descriptors.append(SeriesDescriptor("test_\(named)_total", kind: .counter))
      values.append(0)
      named += 1
    }
    for index in values.indices where Bool.random(using: &random) {
      values[index] += Int64.random(in: -5...1_000_000, using: &random)
    }
    let present = values.map { $0 % 7 != 3 }
    var frame: [UInt8] = []
    _ = values.withUnsafeBufferPointer { values in
      present.withUnsafeBufferPointer { present in
        encoder.encode(
          sequence: sequence, wallTimeMicroseconds: Int64(sequence), monotonicMicroseconds: sequence,
          descriptors: descriptors, values: values, present: present, into: &frame)
      }
    }
    return frame
  }

  var state: [String: Int64] {
    var state: [String: Int64] = [:]
    for (series, value) in zip(descriptors, values) where value % 7 != 3 { state[series.name] = value }
    return state
  }
}

/// A frame that was packed, and what was sampled.
private struct Packed {
  var sequence: UInt64
  var bytes: [UInt8]
  var state: [String: Int64]
  var beginsDictionary: Bool
}

@Suite struct FrameRingTests {
  private let opening = StreamOpening(hostID: "h", bootID: "b", epoch: 1, instance: "i")

  /// Everything that can be read from the ring, against what a list of frames says.
  @Test(arguments: 0..<30 as Range<UInt64>)
  func behavesLikeAListOfFrames(seed: UInt64) throws {
    var random = Seeded(seed)
    var limits = FrameRingLimits()
    limits.maximumFrames = Int.random(in: 1...20, using: &random)
    limits.maximumBytes = Int.random(in: 50...2000, using: &random)
    var ring = FrameRing(limits: limits)
    var source = FrameSource()
    var model: [Packed] = []
    let compacts = seed % 2 == 1
    var acknowledged: UInt64 = 0
    var dropped: UInt64 = 0

    for _ in 0..<300 {
      switch Int.random(in: 0..<10, using: &random) {
      case 0..<6:
        let ended =
          compacts && Int.random(in: 0..<8, using: &random) == 0 ? source.compact(random: &random) : nil
        let frame = source.frame(ring.nextSequence, random: &random)
        model.append(
          Packed(
            sequence: ring.nextSequence, bytes: frame, state: source.state, beginsDictionary: ended != nil))
        frame.withUnsafeBytes { ring.append($0, ending: ended) }
        while model.count > limits.maximumFrames
          || model.reduce(0, { $0 + $1.bytes.count }) > limits.maximumBytes
        {
          model.removeFirst()
          dropped += 1
        }
      case 6..<8:
        let through = ring.firstSequence &+ UInt64.random(in: 0...5, using: &random) &- 2
        guard through < 1 << 60 else { continue }
        ring.acknowledge(through: through)
        while let first = model.first, first.sequence <= through {
          model.removeFirst()
          acknowledged += 1
        }
      case 8:
        let count = Int.random(in: 0...2, using: &random)
        ring.dropOldest(count)
        dropped += UInt64(min(count, model.count))
        model.removeFirst(min(count, model.count))
      default:
        try checkReplay(&ring, source.descriptors, model)
      }
      #expect(ring.count == model.count)
      #expect(ring.byteCount == model.reduce(0) { $0 + $1.bytes.count })
      #expect(ring.acknowledged == acknowledged && ring.dropped == dropped)
      #expect(ring.collected == acknowledged + dropped + UInt64(ring.count))
      #expect(ring.firstSequence == model.first?.sequence ?? ring.nextSequence)
      for entry in model {
        #expect(ring.withFrame(entry.sequence) { Array($0) } == entry.bytes)
      }
      #expect(ring.withFrame(ring.nextSequence) { _ in } == nil)
    }
  }

  /// A new stream over what is held, and another for each dictionary in it: after each frame the receiver knows what
  /// the sampler knew.
  private func checkReplay(
    _ ring: inout FrameRing, _ descriptors: [SeriesDescriptor], _ model: [Packed]
  ) throws {
    var first: [UInt8] = []
    #expect(ring.appendOpeningFrame(opening, descriptors: descriptors, to: &first) == !model.isEmpty)
    var decoder = FrameDecoder()
    for (position, packed) in model.enumerated() {
      var bytes = position == 0 ? first : packed.bytes
      if position > 0 {
        let begins = ring.beginsDictionary(at: packed.sequence)
        #expect(begins == packed.beginsDictionary)
        if packed.beginsDictionary {
          decoder = FrameDecoder()
          bytes = []
          _ = ring.appendOpeningFrame(opening, descriptors: descriptors, at: packed.sequence, to: &bytes)
        }
      }
      try bytes.withUnsafeBytes { bytes in
        try decoder.decode(bytes) { frame in #expect(frame.sequence == packed.sequence) }
      }
      var state: [String: Int64] = [:]
      for (index, series) in decoder.descriptors.enumerated() {
        state[series.name] = decoder.rawValue(at: index)
      }
      #expect(state == packed.state)
    }
  }

  @Test func whatEndedDictionariesTakeIsBounded() {
    var ring = FrameRing()
    var source = FrameSource()
    var random = Seeded(5)
    func series(_ count: Int) -> [SeriesDescriptor] {
      Array(repeating: SeriesDescriptor("a", kind: .gauge), count: count)
    }
    let most = FrameRing.maximumEndedSeries
    // What nobody needs takes nothing.
    let canWhenEmpty = ring.canEndDictionary(of: most + 1)
    for ended in [nil, series(most / 2), nil, series(most / 2)] {
      source.frame(ring.nextSequence, random: &random).withUnsafeBytes { ring.append($0, ending: ended) }
    }
    let canWhenFull = ring.canEndDictionary(of: 1)
    // The first frame of a dictionary needs nothing of the one before.
    ring.acknowledge(through: 1)
    let canWithOne = [most / 2, most / 2 + 1].map { ring.canEndDictionary(of: $0) }
    ring.acknowledge(through: 3)
    let canWithNone = ring.canEndDictionary(of: most)
    #expect(canWhenEmpty && !canWhenFull && canWithOne == [true, false] && canWithNone)
  }

  @Test func aFrameLargerThanTheRingIsDroppedAndTheNextOneStands() {
    var limits = FrameRingLimits()
    limits.maximumBytes = 30
    var ring = FrameRing(limits: limits)
    var source = FrameSource()
    var random = Seeded(3)
    for _ in 0..<50 {
      source.frame(ring.nextSequence, random: &random).withUnsafeBytes { ring.append($0) }
      #expect(ring.byteCount <= limits.maximumBytes)
    }
    #expect(ring.dropped > 0)
    #expect(ring.collected == 50)
  }
}

@Suite struct FrameChunksTests {
  @Test func framesCrossNoChunkAndComeOutAsTheyWentIn() {
    var chunks = FrameChunks()
    var model: [[UInt8]] = []
    var random = Seeded(9)
    for round in 0..<150 {
      let size = round == 70 ? 3 * FrameChunks.chunkBytes : Int.random(in: 0...20_000, using: &random)
      let frame = [UInt8](repeating: UInt8(truncatingIfNeeded: round), count: size)
      frame.withUnsafeBytes { chunks.append($0) }
      model.append(frame)
      while model.count > Int.random(in: 0...80, using: &random) {
        chunks.removeFirst()
        model.removeFirst()
      }
      #expect(chunks.count == model.count)
      #expect(chunks.byteCount == model.reduce(0) { $0 + $1.count })
      for position in model.indices {
        #expect(chunks.withFrame(position) { Array($0) } == model[position])
      }
    }
  }
}
