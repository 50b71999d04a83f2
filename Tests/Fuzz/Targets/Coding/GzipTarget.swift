import GRPC
import Gzip

/// What is compressed comes back; what is not gzip, or too large, is refused.
///
///     input ── first byte: what to do; second: the limit, in 64 bytes; the bytes
enum GzipTarget {
  static func run(_ input: UnsafeRawBufferPointer) {
    var script = Script(input)
    let form = script.byte()
    let limit = Int(script.byte()) * 64
    let bytes = script.remainder()
    switch form % 3 {
    case 0: decompress(bytes, limit)
    case 1: roundTrip(bytes, limit)
    default: roundTrip(Array(repeatElement(bytes, count: Int(form)).joined()), limit)
    }
  }

  private static func decompress(_ bytes: [UInt8], _ limit: Int) {
    do throws(Status) {
      let plain = try unpacked(bytes, limit)
      require(plain.count <= limit, "\(plain.count) bytes of at most \(limit)")
      roundTrip(plain, limit)
    } catch {
      require(error.code == .internalError || error.code == .resourceExhausted, "refused with \(error)")
    }
  }

  private static func roundTrip(_ plain: [UInt8], _ limit: Int) {
    let packed = packed(plain)
    do throws(Status) {
      let unpacked = try unpacked(packed, limit)
      require(unpacked == plain, "\(plain.count) bytes come back changed")
    } catch {
      require(
        error.code == .resourceExhausted && plain.count > limit, "\(plain.count) of \(limit) bytes: \(error)")
    }
    for length in [0, packed.count / 2, packed.count - 1] {
      let cut = Array(packed.prefix(length))
      require((try? unpacked(cut, .max)) == nil, "\(length) of \(packed.count) bytes pass for all")
    }
    require((try? unpacked(packed + [0], .max)) == nil, "a byte too many is overlooked")
  }

  private static func packed(_ plain: [UInt8]) -> [UInt8] {
    var packed: [UInt8] = [1, 2, 3]
    plain.withUnsafeBytes { MessageCodec.gzip.compress($0, &packed) }
    require(packed.starts(with: [1, 2, 3]), "compressing changed what was there")
    return Array(packed.dropFirst(3))
  }

  private static func unpacked(_ packed: [UInt8], _ limit: Int) throws(Status) -> [UInt8] {
    var plain: [UInt8] = []
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: packed.count, alignment: 1)
    defer { memory.deallocate() }
    memory.copyBytes(from: packed)
    try MessageCodec.gzip.decompress(UnsafeRawBufferPointer(memory), limit, &plain)
    return plain
  }
}
