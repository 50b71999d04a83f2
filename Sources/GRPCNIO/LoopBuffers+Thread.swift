import GRPC
import NIOPosix

extension LoopBuffers {
  // Unsafe to the compiler only: each thread sees its own value, which is what the variable is for.
  nonisolated(unsafe) private static let ofThread = ThreadSpecificVariable<LoopBuffers>()

  /// Those of the calling thread, which is the loop's.
  static var ofThisLoop: LoopBuffers {
    if let buffers = ofThread.currentValue { return buffers }
    let buffers = LoopBuffers()
    ofThread.currentValue = buffers
    return buffers
  }
}
