import NIOCore
import NIOPosix

/// The buffer into which one loop's connections receive: one per loop thread, not per connection, as with `OutputBatch`.
///
/// NIO would keep up to four buffers of up to 64 KiB for every connection. It keeps those that it can reuse; so that it
/// keeps none, this allocator says of each that the next may be larger (`record`), and the server sets
/// `maxMessagesPerRead` to 1. The first of a connection it keeps all the same: that one is small.
struct ReceiveBuffer: RecvByteBufferAllocator {
  /// What is received at once.
  static let capacityBytes = 64 * 1024
  private static let firstCapacityBytes = 64

  // Unsafe to the compiler only: each thread sees its own value, which is what the variable is for.
  nonisolated(unsafe) private static let ofThread = ThreadSpecificVariable<Spare>()

  private final class Spare {
    var buffer: ByteBuffer?
  }

  private var isFirst = true

  func buffer(allocator: ByteBufferAllocator) -> ByteBuffer {
    guard !isFirst else { return allocator.buffer(capacity: Self.firstCapacityBytes) }
    guard let spare = Self.ofThread.currentValue, var buffer = spare.buffer.take() else {
      return allocator.buffer(capacity: Self.capacityBytes)
    }
    buffer.clear()
    return buffer
  }

  mutating func record(actualReadBytes: Int) -> Bool {
    isFirst = false
    return true
  }

  /// Takes a buffer back whose bytes have been handled.
  static func giveBack(_ buffer: ByteBuffer) {
    guard buffer.storageCapacity == capacityBytes else { return }
    if ofThread.currentValue == nil { ofThread.currentValue = Spare() }
    ofThread.currentValue?.buffer = buffer
  }
}
