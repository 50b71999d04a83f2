// The frames nobody has acknowledged yet.
//
//     acknowledged | dropped      buffered                 not yet collected
//     ─────────────────────── ┌──┬──┬──┬──┬──┬──┐ ─ ─ ─ ─ ─ ─
//                             └──┴──┴──┴──┴──┴──┘
//           base ▲             ▲ firstSequence    ▲ nextSequence
//
// collected = acknowledged + buffered + dropped, always. Frames leave at the front only: by an
// acknowledgement, or, when a limit is reached, dropped oldest first.
//
// A packed frame means something only to who has seen the frames before it. `base` is what that
// reader knows just before `firstSequence`; from it the opening frame of a new stream is made, which
// says in absolute values what the first frame held says in differences. The frames after it then
// fit as they are.
//
// When the table of series was compacted, a frame describes everything anew and counts from nothing: with it begins
// another *dictionary*. Such a frame means the same to everybody, so the base begins anew there; and no stream goes
// on across it, because within a stream the dictionary only grows. What the frames before it described is kept here
// until the last of them has left, since an opening frame made of one of them says it.
//
//     dictionary      1  1  1  1 │ 2  2  2            3 …
//                    ┌──┬──┬──┬──┬──┬──┬──┐
//                    └──┴──┴──┴──┴──┴──┴──┘
//                                 ▲ begins a dictionary: the first frame of a stream, or of none
//
// The base follows some frames behind: those that left are kept until there are a few of them, or a new
// stream begins. Decoding many at a time costs a fraction of decoding each when its acknowledgement comes,
// with nothing of the decoder in the processor's caches.
import GRPC
public import Wire

/// What a `FrameRing` holds at most.
public struct FrameRingLimits: Hashable, Sendable {
  /// Unacknowledged frames.
  public var maximumFrames = 100_000
  /// Their bytes.
  public var maximumBytes = 4 * 1024 * 1024

  /// The defaults: four megabytes are some hours of an ordinary host at 5 s.
  public init() {}
}

/// Unacknowledged packed frames, bounded. Not copyable: `FrameBase` follows one ring only.
public struct FrameRing: ~Copyable {
  /// What is held at most.
  public private(set) var limits: FrameRingLimits
  /// The sequence of the oldest frame held; that of the next frame when none is.
  public private(set) var firstSequence: UInt64 = 1
  /// Frames that the aggregator has.
  public private(set) var acknowledged: UInt64 = 0
  /// The newest frame that the aggregator has; 0: none.
  public private(set) var acknowledgedThrough: UInt64 = 0
  /// Frames lost because a limit was reached.
  public private(set) var dropped: UInt64 = 0
  /// Frames that left and that the base has yet to follow; behind them, the frames held.
  private var frames = FrameChunks()
  private var passed = 0
  private var passedBytes = 0
  private var base = FrameBase()
  /// Dictionaries that have ended, and whose end the base has yet to pass; oldest first.
  private var endedDictionaries: [EndedDictionary] = []

  private struct EndedDictionary {
    /// The frame that begins the next one.
    let end: UInt64
    /// What the frames before it described; empty once they have left.
    var descriptors: [SeriesDescriptor]
  }

  /// Series of dictionaries that have ended, all together, that are kept: as many as a full table has.
  public static let maximumEndedSeries = 20_000

  /// What may have left before the base follows.
  private static let maximumPassed = 32
  private static let maximumPassedBytes = 16 * 1024

  /// An empty ring; the first frame is number 1.
  public init(limits: FrameRingLimits = FrameRingLimits()) {
    self.limits = limits
  }

  /// The sequence the next frame gets.
  public var nextSequence: UInt64 { firstSequence + UInt64(count) }
  /// Frames ever collected.
  public var collected: UInt64 { nextSequence - 1 }
  /// Frames held.
  public var count: Int { frames.count - passed }
  /// Bytes of the frames held.
  public var byteCount: Int { frames.byteCount - passedBytes }
  /// Whether no frame is held.
  public var isEmpty: Bool { count == 0 }

  /// Takes the frame with number `nextSequence`, dropping the oldest ones as the limits demand.
  ///
  /// - Parameter dictionary: if the frame begins a dictionary (it is the first of a new `FrameEncoder`), the series
  ///   that the frames before it described.
  public mutating func append(_ frame: UnsafeRawBufferPointer, ending dictionary: [SeriesDescriptor]? = nil) {
    if let dictionary {
      endedDictionaries.append(
        EndedDictionary(end: nextSequence, descriptors: isEmpty ? [] : dictionary))
    }
    frames.append(frame)
    trim()
  }

  /// Whether a dictionary of so many series may end now: frames of many are not held at a time, for what they
  /// describe takes memory.
  public func canEndDictionary(of series: Int) -> Bool {
    isEmpty || endedDictionaries.reduce(series) { $0 + $1.descriptors.count } <= Self.maximumEndedSeries
  }

  /// Whether the frame with this number begins a dictionary, other than the epoch's first. It may have been collected
  /// or not, but not have left.
  public func beginsDictionary(at sequence: UInt64) -> Bool {
    !endedDictionaries.isEmpty && endedDictionaries.contains { $0.end == sequence }
  }

  /// Other limits hold from now on. What is too much for them is dropped, oldest first.
  public mutating func resize(_ limits: FrameRingLimits) {
    self.limits = limits
    trim()
  }

  private mutating func trim() {
    while count > limits.maximumFrames || byteCount > limits.maximumBytes { dropOldest(1) }
  }

  /// Gives up the oldest frames, at most as many as there are.
  public mutating func dropOldest(_ count: Int) {
    for _ in 0..<min(count, self.count) {
      advance()
      dropped += 1
    }
  }

  /// Lets go of every frame up to and including the sequence. One beyond what was collected is taken
  /// as the last collected; one that is gone already changes nothing.
  public mutating func acknowledge(through sequence: UInt64) {
    while firstSequence <= sequence, !isEmpty {
      acknowledgedThrough = firstSequence
      advance()
      acknowledged += 1
    }
  }

  /// A frame as it was packed; nil when it is not held.
  public func withFrame<Result>(
    _ sequence: UInt64, _ body: (UnsafeRawBufferPointer) -> Result
  ) -> Result? {
    guard sequence >= firstSequence, sequence < nextSequence else { return nil }
    return frames.withFrame(passed + Int(sequence - firstSequence), body)
  }

  /// The oldest frame held, made the first of a new stream: the whole dictionary, absolute values.
  /// Appends to `buffer`; false when none is held.
  ///
  /// - Parameters:
  ///   - descriptors: those of the newest dictionary, at least as many as its frames knew of.
  ///   - later: a frame that begins a dictionary, to be made the first instead.
  public mutating func appendOpeningFrame(
    _ opening: StreamOpening, descriptors: [SeriesDescriptor], at later: UInt64? = nil,
    to buffer: inout [UInt8]
  ) -> Bool {
    guard !isEmpty else { return false }
    follow()
    let sequence = later ?? firstSequence
    let descriptors = self.descriptors(of: sequence, newest: descriptors)
    let base = beginsDictionary(at: sequence) ? FrameBase() : base
    return withFrame(sequence) { frame in
      Self.read {
        () throws(Status) in
        try base.openingFrame(applying: frame, opening: opening, descriptors: descriptors, into: &buffer)
      }
    } != nil
  }

  /// What a frame held and those before it in its dictionary described, and perhaps more; `newest`: what those of the
  /// newest dictionary did.
  public func descriptors(of sequence: UInt64, newest: [SeriesDescriptor]) -> [SeriesDescriptor] {
    endedDictionaries.first { $0.end > sequence }?.descriptors ?? newest
  }

  /// The oldest frame leaves.
  private mutating func advance() {
    passedBytes += frames.withFrame(passed) { $0.count }
    passed += 1
    firstSequence += 1
    if !endedDictionaries.isEmpty { releaseDictionaries() }
    if passed >= Self.maximumPassed || passedBytes >= Self.maximumPassedBytes { follow() }
  }

  /// Brings the base to just before the oldest frame held.
  private mutating func follow() {
    for sequence in firstSequence - UInt64(passed)..<firstSequence {
      if endedDictionaries.first?.end == sequence {
        endedDictionaries.removeFirst()
        base = FrameBase()
      }
      frames.withFrame(0) { frame in Self.read { () throws(Status) in try base.apply(frame) } }
      frames.removeFirst()
    }
    (passed, passedBytes) = (0, 0)
  }

  /// Lets go of what only frames described that have left.
  private mutating func releaseDictionaries() {
    for index in endedDictionaries.indices where endedDictionaries[index].end <= firstSequence {
      endedDictionaries[index].descriptors = []
    }
  }

  /// Frames come from our own encoder, in order; one that cannot be read means that memory is not what
  /// it was, and a fresh start is the only way on.
  private static func read(_ body: () throws(Status) -> Void) {
    do { try body() } catch { preconditionFailure("an own frame cannot be read: \(error)") }
  }
}
