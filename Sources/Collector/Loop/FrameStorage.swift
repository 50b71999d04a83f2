extension [UInt8] {
  /// Storage up to this is always kept, so that a busy second after a quiet one allocates nothing.
  private static var storageAlwaysKept: Int { 16 << 10 }

  /// Empties a buffer that frames are packed into. The first frame of a stream describes every series and is a hundred
  /// times as large as the others: its storage is not kept for those.
  mutating func removeFrame() {
    removeAll(keepingCapacity: capacity <= Self.storageAlwaysKept || capacity <= 8 * count)
  }
}
