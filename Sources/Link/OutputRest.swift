/// Output that the socket did not take: at most one chunk of the connection's. Its storage is kept and used again.
struct OutputRest {
  private var bytes: [UInt8] = []
  private var start = 0

  var isEmpty: Bool { start == bytes.count }

  /// Puts bytes behind those that wait.
  mutating func append(_ more: UnsafeRawBufferPointer) {
    bytes.append(contentsOf: more)
  }

  mutating func removeFirst(_ count: Int) {
    start += count
    guard isEmpty else { return }
    bytes.removeAll(keepingCapacity: true)
    start = 0
  }

  func withBytes<Answer>(_ body: (UnsafeRawBufferPointer) -> Answer) -> Answer {
    bytes.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0.dropFirst(start))) }
  }
}
