/// Memory in which decoders list what a frame changed; used again for every frame.
///
/// The lists of a frame are dead before the next frame comes, so decoders that are never used at the same time can share
/// this: those of one thread. Thousands of streams with memory of their own would fetch it from far away each time.
public final class FrameLists {
  private(set) var changes = UnsafeMutableBufferPointer<DecodedFrame.Change>.allocate(capacity: 0)
  private(set) var gone = UnsafeMutableBufferPointer<UInt32>.allocate(capacity: 0)

  /// No memory yet.
  public init() {}

  deinit {
    changes.deallocate()
    gone.deallocate()
  }

  /// Makes room. What was listed before is lost.
  func reserve(changes changeCount: Int, gone goneCount: Int) {
    Self.reserve(&changes, changeCount)
    Self.reserve(&gone, goneCount)
  }

  private static func reserve<T>(_ buffer: inout UnsafeMutableBufferPointer<T>, _ count: Int) {
    guard count > buffer.count else { return }
    buffer.deallocate()
    buffer = .allocate(capacity: count)
  }
}
