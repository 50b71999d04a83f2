/// All series of one host for the last minutes, compressed.
///
/// Series are the caller's dense numbers from 0. Frames are appended in the order the host made them.
/// Not thread-safe: the owner locks. It cannot be copied, so no append ever copies what is held.
///
/// Time: frames stay in the order they were appended, whatever their times say. The clock of a host may
/// step; then reads by time answer with every frame whose own time is in the range, still in the order
/// of appending, and a frame's age is how far the frames behind it moved forward: a step back neither
/// keeps frames longer than the host needed to make as many, nor drops any.
public struct HotStore: ~Copyable, Sendable {
  /// What this host may hold.
  public let limits: HotLimits
  /// What happened to its frames.
  public private(set) var counters = HotCounters()
  /// The time of the last frame appended, microseconds since 1970; nil: none yet.
  public private(set) var newestTime: Int64?
  /// (Frame, series) pairs held: a series counts in every frame in which the host had it.
  public private(set) var sampleCount = 0

  private(set) var latest = LatestValues()
  private(set) var head = HotHead()
  private(set) var blocks: [HotBlock] = []
  private var blockBytes = 0
  /// `elapsed` of the first block, where each frame finds it without going there; nothing, if there is none.
  private var firstBlockElapsed: UInt64?
  /// How far the frames moved forward in time, all told; differences of it are ages.
  private var elapsed: UInt64 = 0
  private var headStart: UInt64 = 0

  /// An empty store.
  public init(limits: HotLimits = HotLimits()) {
    self.limits = limits
  }

  /// Appends a frame: what changed since the frame before it, and which series the host no longer has.
  ///
  /// A change of a series that the host did not have makes it present; a change to the value it has
  /// costs nothing; a series that is both changed and gone is gone; one that is gone already, or was
  /// never there, may be named as gone again. Any order of indexes works, ascending is smallest. If an
  /// index comes twice the last one counts.
  /// - Returns: the frame's ordinal.
  @discardableResult
  public mutating func append(
    timeMicroseconds time: Int64, changes: UnsafeBufferPointer<HotChange>, gone: UnsafeBufferPointer<UInt32>
  ) -> Int {
    if let newestTime {
      if time >= newestTime {
        elapsed &+= UInt64(bitPattern: time &- newestTime)
      } else {
        counters.stepsBack += 1
      }
    }
    newestTime = time
    if head.frameCount == 0 { headStart = elapsed }
    let ordinal = nextOrdinal
    let samplesBefore = head.sampleCount
    counters.changesRefused += head.append(
      timeMicroseconds: time, changes: changes, gone: gone, latest: &latest,
      maximumSeries: limits.maximumSeries)
    sampleCount += head.sampleCount - samplesBefore
    counters.framesAppended += 1
    if head.frameCount == HotHead.maximumFrames || head.usedBytes >= limits.maximumBytes / 4
      || elapsed &- headStart >= UInt64(limits.retentionMicroseconds)
    {
      seal()
    }
    dropBlocks()
    return ordinal
  }

  /// Lets go of all frames and keeps the newest values: for a host that was not heard of for so long
  /// that nobody asks for its last minutes. Ordinals go on.
  public mutating func discardFrames() {
    counters.framesExpired += frameCount
    let ordinal = nextOrdinal
    head = HotHead()
    head.removeAll(nextOrdinal: ordinal)
    blocks = []
    blockBytes = 0
    firstBlockElapsed = nil
    sampleCount = 0
  }

  private mutating func seal() {
    let block = HotBlockWriter.seal(head, seriesCount: latest.count, elapsed: elapsed)
    blocks.append(block)
    firstBlockElapsed = blocks[0].elapsed
    blockBytes += block.byteCount + HotBlock.overhead
    head.removeAll(nextOrdinal: block.nextOrdinal)
  }

  private mutating func dropBlocks() {
    guard let firstBlockElapsed,
      elapsed &- firstBlockElapsed > UInt64(limits.retentionMicroseconds) || byteCount > limits.maximumBytes
    else { return }
    var count = 0
    while count < blocks.count {
      let block = blocks[count]
      if elapsed &- block.elapsed > UInt64(limits.retentionMicroseconds) {
        counters.framesExpired += block.frameCount
      } else if byteCount > limits.maximumBytes {
        counters.framesEvicted += block.frameCount
      } else {
        break
      }
      blockBytes -= block.byteCount + HotBlock.overhead
      sampleCount -= block.sampleCount
      count += 1
    }
    if count > 0 { blocks.removeFirst(count) }
    self.firstBlockElapsed = blocks.first?.elapsed
  }
}

extension HotStore {
  /// Bytes allocated for this host.
  public var byteCount: Int {
    MemoryLayout<HotStore>.size + latest.bytes + head.bytes + blockBytes
  }

  /// One more than the highest series index ever appended.
  public var seriesCount: Int { latest.count }

  /// Series that the host has as of the newest frame.
  public var presentCount: Int { latest.presentCount }

  /// Frames held.
  public var frameCount: Int { nextOrdinal - oldestOrdinal }

  /// The ordinal of the oldest frame held; equal to `nextOrdinal` when there is none.
  public var oldestOrdinal: Int { blocks.first?.firstOrdinal ?? head.firstOrdinal }

  /// The ordinal that the next frame appended will have: the number of frames ever appended.
  public var nextOrdinal: Int { head.firstOrdinal + head.frameCount }

  /// The time of the oldest frame held, microseconds since 1970; nil: none is held.
  public var oldestTime: Int64? {
    blocks.first?.firstTime ?? (head.frameCount > 0 ? head.rows[0].timeMicroseconds : nil)
  }

  /// The newest raw value of a series; nil: the host does not have it.
  public func latest(_ index: Int) -> Int64? {
    latest.has(index) ? latest.values[index] : nil
  }

  /// The newest raw values of all series that the host has, by ascending index.
  public func forEachLatest(_ body: (_ index: Int, _ raw: Int64) -> Void) {
    for index in 0..<latest.count where latest.has(index) { body(index, latest.values[index]) }
  }
}
