import GRPC
import Wire

/// Makes frames of several dictionaries one stream, whose dictionary has the series of all of them: for a reader who
/// knows nothing of compactions.
///
/// The frames of the first stretch stay as they are. Those of a later one are written anew: they mean the same values of
/// the same series.
final class StretchJoiner {
  private var decoder = FrameDecoder()
  /// Of the stretch under way: the place in the joined stream of each of its series.
  private var places: [Int] = []
  private var isFirst = true

  private var encoder = FrameEncoder()
  private var descriptors: [SeriesDescriptor] = []
  private var placeBySeries: [SeriesDescriptor: Int] = [:]
  private var values: [Int64] = []
  private var present: [Bool] = []

  /// The next frames of the stretch under way.
  func join(_ frames: ArraySlice<[UInt8]>) -> [[UInt8]] {
    frames.compactMap { $0.withUnsafeBytes { joined($0) } }
  }

  /// Nil is never: frames come from our own encoder.
  private func joined(_ bytes: UnsafeRawBufferPointer) -> [UInt8]? {
    var joined: [UInt8]?
    try? decoder.decode(bytes) { frame in
      take(frame)
      joined = isFirst ? Array(bytes) : encode(frame)
    }
    return joined
  }

  /// The stretch is over. The next frame is the first of another one.
  func endStretch() {
    // What the stream has said so far is what the next frame is a difference from.
    if isFirst { _ = encode(sequence: 1, wall: 0, monotonic: 0) }
    isFirst = false
    decoder = FrameDecoder()
    places = []
  }

  private func take(_ frame: borrowing DecodedFrame) {
    for series in frame.newSeries {
      let place = placeBySeries[series] ?? descriptors.count
      if place == descriptors.count {
        placeBySeries[series] = place
        descriptors.append(series)
        values.append(0)
        present.append(false)
      }
      places.append(place)
    }
    for index in present.indices { present[index] = false }
    for (index, place) in places.enumerated() {
      guard let raw = decoder.rawValue(at: index) else { continue }
      (values[place], present[place]) = (raw, true)
    }
  }

  private func encode(_ frame: borrowing DecodedFrame) -> [UInt8] {
    encode(
      sequence: frame.sequence, wall: frame.wallTimeMicroseconds, monotonic: frame.monotonicMicroseconds)
  }

  private func encode(sequence: UInt64, wall: Int64, monotonic: UInt64) -> [UInt8] {
    var bytes: [UInt8] = []
    values.withUnsafeBufferPointer { values in
      _ = present.withUnsafeBufferPointer { present in
        encoder.encode(
          sequence: sequence, wallTimeMicroseconds: wall, monotonicMicroseconds: monotonic,
          descriptors: descriptors, values: values, present: present, into: &bytes)
      }
    }
    return bytes
  }
}
