/// Bytes waiting to be sent: appended at one end, taken at the other, in one array that is reused.
struct ByteQueue {
  /// Storage over this is freed once the queue is empty.
  private static let capacityKept = 64 << 10
  /// Taken bytes are cut off at the front when there are this many of them and they are the larger part.
  private static let compactionBytes = 32 << 10

  private var bytes: [UInt8] = []
  private var head = 0

  var count: Int { bytes.count - head }
  var isEmpty: Bool { bytes.count == head }
  var isWorthKeeping: Bool { bytes.capacity > 0 }

  /// Lets `body` append to the storage.
  mutating func append(_ body: (inout [UInt8]) -> Void) {
    let before = bytes.count
    body(&bytes)
    precondition(bytes.count >= before, "encoding removed bytes that were there before")
  }

  /// Moves up to `limit` bytes from the front to `destination`.
  mutating func take(upTo limit: Int, into destination: UnsafeMutablePointer<UInt8>) -> Int {
    let taken = min(limit, count)
    bytes.withUnsafeBufferPointer { bytes in
      guard let base = bytes.baseAddress else { return }
      destination.update(from: base + head, count: taken)
    }
    head += taken
    if isEmpty {
      clear()
    } else if head >= Self.compactionBytes, head > count {
      bytes.removeSubrange(..<head)
      head = 0
    }
    return taken
  }

  mutating func clear() {
    bytes.removeAll(keepingCapacity: bytes.capacity <= Self.capacityKept)
    head = 0
  }
}
