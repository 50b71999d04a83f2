/// How the deltas of one column are written: each one as long as it is, or all equally wide from the
/// smallest on, whichever is shorter.
struct DeltaCoding {
  let packed: Bool
  /// Bytes that the deltas will take.
  let bytes: Int
  private let smallest: Int64
  private let width: Int

  init(_ deltas: UnsafeBufferPointer<Int64>) {
    var low = Int64.max
    var high = Int64.min
    for delta in deltas {
      low = min(low, delta)
      high = max(high, delta)
    }
    smallest = low
    width = deltas.isEmpty ? 0 : BitPacking.width(UInt64(bitPattern: high &- low))
    let packedBytes =
      PrefixVarint.length(low.zigzag) + 1 + BitPacking.bytes(count: deltas.count, width: width)
    // Varints take at least a byte each, and every fourth one tells well enough what all will take:
    // adding them all up for every column would be a tenth of what sealing costs.
    let mayPack = width <= BitPacking.maximumWidth
    if mayPack && (packedBytes < deltas.count || packedBytes < Self.varintBytes(deltas, step: 4)) {
      packed = true
      bytes = packedBytes
    } else {
      packed = false
      bytes = Self.varintBytes(deltas, step: 1)
    }
  }

  /// What varints take, from every `step`th of them.
  private static func varintBytes(_ deltas: UnsafeBufferPointer<Int64>, step: Int) -> Int {
    var total = 0
    var seen = 0
    var i = 0
    while i < deltas.count {
      total &+= PrefixVarint.length(deltas[i].zigzag)
      seen &+= 1
      i &+= step
    }
    return seen == deltas.count ? total : total &* deltas.count / seen
  }

  func write(
    _ deltas: UnsafeBufferPointer<Int64>, to start: UnsafeMutableRawPointer
  ) -> UnsafeMutableRawPointer {
    var end = start
    if packed {
      end = PrefixVarint.write(smallest.zigzag, to: end)
      end.storeBytes(of: UInt8(truncatingIfNeeded: width), as: UInt8.self)
      return BitPacking.write(deltas, base: smallest, width: width, to: end + 1)
    }
    for delta in deltas { end = PrefixVarint.write(delta.zigzag, to: end) }
    return end
  }
}
