/// One direction of a call between two ends of ours: what was sent, and how much of it has come. The bytes of a
/// message follow from its place, so that each is known again.
struct Lane {
  private let seed: Int
  private var sizes: [Int] = []
  private(set) var receivedCount = 0

  init(seed: Int) { self.seed = seed }

  var sentCount: Int { sizes.count }
  var hasAllArrived: Bool { receivedCount == sizes.count }

  /// The next message to send.
  func next(_ size: Int) -> [UInt8] { Self.content(seed + sizes.count, size) }

  mutating func sent(_ size: Int) { sizes.append(size) }

  mutating func received(_ message: UnsafeRawBufferPointer) {
    require(receivedCount < sizes.count, "a message that was not sent")
    let size = sizes[receivedCount]
    require(message.count == size, "message \(receivedCount) of \(size) bytes arrives with \(message.count)")
    require(
      message.elementsEqual(Self.content(seed + receivedCount, size)),
      "message \(receivedCount) of \(size) bytes arrives changed")
    receivedCount += 1
  }

  private static func content(_ seed: Int, _ size: Int) -> [UInt8] {
    (0..<size).map { UInt8(truncatingIfNeeded: seed &* 37 &+ $0 &* 7 &+ $0 >> 8) }
  }
}
