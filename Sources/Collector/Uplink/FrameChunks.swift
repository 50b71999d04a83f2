/// Packed frames in order, in memory that is proportional to what is held.
///
/// Frames lie one behind the other in chunks; a frame never crosses chunks, so it can be handed out
/// without a copy. An empty store starts its one chunk again from the front: in the steady state,
/// where each frame is acknowledged before the next, the same few pages are used for ever and
/// nothing is allocated.
struct FrameChunks: Sendable {
  /// Bytes of a chunk; a larger frame gets a chunk of its own size. Large enough that malloc maps it,
  /// so that it costs only the pages used and goes back to the kernel when freed.
  static let chunkBytes = 256 * 1024

  private struct Chunk: Sendable {
    var bytes: [UInt8] = []
    /// Where each frame ends. Those before `first` are gone already.
    var ends: [Int] = []
    var first = 0

    var count: Int { ends.count - first }

    func range(_ index: Int) -> Range<Int> {
      let position = first + index
      return (position == 0 ? 0 : ends[position - 1])..<ends[position]
    }
  }

  private var chunks: [Chunk] = []
  /// Frames held.
  private(set) var count = 0
  /// Their bytes.
  private(set) var byteCount = 0

  mutating func append(_ frame: UnsafeRawBufferPointer) {
    let last = chunks.count - 1
    if last < 0 || chunks[last].bytes.count + frame.count > chunks[last].bytes.capacity {
      var chunk = Chunk()
      chunk.bytes.reserveCapacity(max(Self.chunkBytes, frame.count))
      chunks.append(chunk)
    }
    chunks[chunks.count - 1].bytes.append(contentsOf: frame)
    chunks[chunks.count - 1].ends.append(chunks[chunks.count - 1].bytes.count)
    count += 1
    byteCount += frame.count
  }

  mutating func removeFirst() {
    byteCount -= chunks[0].range(0).count
    count -= 1
    chunks[0].first += 1
    guard chunks[0].count == 0 else { return }
    if chunks.count > 1 { chunks.removeFirst() } else { restart() }
  }

  /// The frame at a position; 0 is the oldest.
  func withFrame<Result>(_ position: Int, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    var index = position
    for chunk in chunks {
      if index < chunk.count {
        return chunk.bytes.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[chunk.range(index)])) }
      }
      index -= chunk.count
    }
    preconditionFailure("no frame at position \(position) of \(count)")
  }

  private mutating func restart() {
    // A chunk made for one huge frame is not kept.
    guard chunks[0].bytes.capacity <= 2 * Self.chunkBytes else { return chunks.removeAll() }
    chunks[0].bytes.removeAll(keepingCapacity: true)
    chunks[0].ends.removeAll(keepingCapacity: true)
    chunks[0].first = 0
  }
}
