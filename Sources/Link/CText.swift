/// The text that a C function writes into a buffer of `capacity` bytes, NUL at its end; nil when `fill` says it did not.
func cText(capacity: Int, _ fill: (UnsafeMutablePointer<CChar>) -> Bool) -> String? {
  withUnsafeTemporaryAllocation(of: CChar.self, capacity: capacity + 1) { buffer in
    buffer.initialize(repeating: 0)
    guard let start = buffer.baseAddress, fill(start) else { return nil }
    buffer[capacity] = 0
    return String(cString: start)
  }
}
