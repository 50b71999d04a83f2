// gzip (RFC 1952) as zlib has it, for messages that are compressed one by one. A module of its own, so that the
// collector does not load zlib: its frames are small already.
internal import CZlib
public import GRPC

extension MessageCodec {
  /// `grpc-encoding: gzip`.
  public static let gzip = MessageCodec(
    name: "gzip", compress: Gzip.compress, decompress: Gzip.decompress)
}

enum Gzip {
  /// Decompressed bytes that are made before the limit is looked at again.
  private static let chunkBytes = 16 << 10

  /// Appends a message, compressed.
  static func compress(_ message: UnsafeRawBufferPointer, into output: inout [UInt8]) {
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    stream.initialize(to: z_stream())
    defer { stream.deallocate() }
    // Fails for lack of memory alone, on which Swift stops the program anyway.
    precondition(muster_gzip_deflate_init(stream) == Z_OK, "zlib cannot begin")
    defer { deflateEnd(stream) }
    let bound = Int(deflateBound(stream, UInt(message.count)))
    let compressed = [UInt8](unsafeUninitializedCapacity: bound) { buffer, count in
      stream.pointee.next_in = message.input
      stream.pointee.avail_in = UInt32(message.count)
      stream.pointee.next_out = buffer.baseAddress
      stream.pointee.avail_out = UInt32(bound)
      let result = deflate(stream, Z_FINISH)
      precondition(result == Z_STREAM_END, "zlib needs more room than it said")
      count = bound - Int(stream.pointee.avail_out)
    }
    output.append(contentsOf: compressed)
  }

  /// Appends what was compressed, at most `limit` bytes.
  ///
  /// - Throws: RESOURCE_EXHAUSTED: it is more, which is found out without making more than a little of it. INTERNAL:
  ///   it is not gzip, is cut short, or has something after its end.
  static func decompress(
    _ message: UnsafeRawBufferPointer, limit: Int, into output: inout [UInt8]
  ) throws(Status) {
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    stream.initialize(to: z_stream())
    defer { stream.deallocate() }
    precondition(muster_gzip_inflate_init(stream) == Z_OK, "zlib cannot begin")
    defer { inflateEnd(stream) }
    stream.pointee.next_in = message.input
    stream.pointee.avail_in = UInt32(message.count)
    var total = 0
    while true {
      let (result, made) = inflateChunk(stream, into: &output)
      total += made
      guard total <= limit else {
        throw Status(.resourceExhausted, "a message is over the limit of \(limit) bytes once decompressed")
      }
      if result == Z_STREAM_END { break }
      // No progress is Z_BUF_ERROR: the input ended before the message did.
      guard result == Z_OK else {
        throw Status(.internalError, "a message marked gzip is not, or is cut short")
      }
    }
    guard stream.pointee.avail_in == 0 else {
      throw Status(.internalError, "a gzip message has \(stream.pointee.avail_in) bytes after its end")
    }
  }

  private static func inflateChunk(
    _ stream: UnsafeMutablePointer<z_stream>, into output: inout [UInt8]
  ) -> (result: Int32, made: Int) {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: chunkBytes) { chunk in
      stream.pointee.next_out = chunk.baseAddress
      stream.pointee.avail_out = UInt32(chunk.count)
      let result = inflate(stream, Z_NO_FLUSH)
      let made = chunk.count - Int(stream.pointee.avail_out)
      output.append(contentsOf: chunk[..<made])
      return (result, made)
    }
  }
}

extension UnsafeRawBufferPointer {
  /// As zlib wants its input, which it does not change.
  fileprivate var input: UnsafeMutablePointer<Bytef>? {
    UnsafeMutableRawPointer(mutating: baseAddress)?.assumingMemoryBound(to: Bytef.self)
  }
}
