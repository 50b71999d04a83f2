import GRPC
import NIOCore
import NIOPosix

/// The buffer in which one loop's connections collect their frames before a write.
///
/// One per loop thread, not per connection: only one connection of a loop writes at a time, so ten thousand
/// idle connections own no output memory. When a socket takes the whole write, the buffer is free again
/// and its storage is reused; when not, the pending write keeps the storage and the next batch gets a new one.
final class OutputBatch {
  /// Frames are collected until a batch has this many bytes.
  static let batchBytesTarget = 48 * 1024
  /// Room for the target and one more chunk of the usual size.
  static let capacityBytes = 96 * 1024

  // Unsafe to the compiler only: each thread sees its own value, which is what the variable is for.
  nonisolated(unsafe) private static let ofThread = ThreadSpecificVariable<OutputBatch>()

  private var buffer: ByteBuffer

  private init(_ allocator: ByteBufferAllocator) {
    buffer = allocator.buffer(capacity: Self.capacityBytes)
  }

  /// The batch of the calling thread, which is the loop's.
  static func ofThisLoop(_ allocator: ByteBufferAllocator) -> OutputBatch {
    if let batch = ofThread.currentValue { return batch }
    let batch = OutputBatch(allocator)
    ofThread.currentValue = batch
    return batch
  }

  /// The connection's next output, or nil when it has none.
  func collect(from connection: any GRPCConnection) -> ByteBuffer? {
    buffer.clear(minimumCapacity: Self.capacityBytes)
    while buffer.readableBytes < Self.batchBytesTarget,
      connection.takeOutput({ buffer.writeBytes($0) })
    {}
    return buffer.readableBytes > 0 ? buffer : nil
  }
}
