/// The last values of a figure, in a ring.
struct RecentValues {
  private let capacity: Int
  private var values: [Float] = []
  private var oldest = 0

  init(capacity: Int) {
    self.capacity = capacity
  }

  mutating func append(_ value: Float) {
    if values.count < capacity {
      values.append(value)
    } else {
      values[oldest] = value
      oldest = (oldest + 1) % capacity
    }
  }

  var oldestFirst: [Float] {
    Array(values[oldest...] + values[..<oldest])
  }
}
