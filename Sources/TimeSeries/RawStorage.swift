import Glibc

/// Plain bytes with one owner, grown in place where the allocator can. Contents beyond what was
/// written are undefined.
struct RawStorage: ~Copyable, @unchecked Sendable {
  // Sendable: the memory is reachable through this one value only, and the value cannot be copied.
  private(set) var base: UnsafeMutableRawPointer
  private(set) var capacity: Int

  init(capacity: Int) {
    self.capacity = max(8, capacity)
    base = Self.check(malloc(self.capacity), self.capacity)
  }

  deinit { free(base) }

  /// Makes room for `total` bytes, and a quarter of what there is on top, so that many small growths
  /// cost few copies.
  @inline(__always)
  mutating func reserve(_ total: Int) {
    if total > capacity { resize(max(total, capacity + capacity / 4)) }
  }

  /// Gives memory back when less than a third of it was used.
  mutating func shrink(used: Int) {
    if capacity > 1024, used < capacity / 3 { resize(max(8, used + used / 4)) }
  }

  @inline(never)
  private mutating func resize(_ bytes: Int) {
    base = Self.check(realloc(base, bytes), bytes)
    capacity = bytes
  }

  private static func check(_ pointer: UnsafeMutableRawPointer?, _ bytes: Int) -> UnsafeMutableRawPointer {
    guard let pointer else { fatalError("out of memory: \(bytes) bytes") }
    return pointer
  }
}
