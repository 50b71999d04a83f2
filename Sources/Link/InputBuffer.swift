/// Owner of the memory that a link reads into, for its whole life.
final class InputBuffer {
  let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: LinkLimits.readBufferBytes, alignment: 16)

  deinit { bytes.deallocate() }
}
