/// The newest value of every series, dense, and whether the host still has it. A series that vanished
/// keeps its value: should it come back, its change is counted from there.
struct LatestValues: ~Copyable, Sendable {
  enum Presence: UInt8 {
    case absent
    case present
    /// Was absent before the frame that is being appended.
    case appearing
  }

  private var valueStorage = RawStorage(capacity: 0)
  private var presenceStorage = RawStorage(capacity: 0)
  private(set) var count = 0
  var presentCount = 0

  @inline(__always)
  var values: UnsafeMutablePointer<Int64> { valueStorage.base.assumingMemoryBound(to: Int64.self) }
  @inline(__always)
  var presence: UnsafeMutablePointer<Presence> {
    presenceStorage.base.assumingMemoryBound(to: Presence.self)
  }

  var bytes: Int { valueStorage.capacity + presenceStorage.capacity }

  func holds(_ index: Int) -> Bool { index >= 0 && index < count }

  func has(_ index: Int) -> Bool { holds(index) && presence[index] != .absent }

  /// Whether all changes are of series that are present, as far as that is seen at a glance: every known series is.
  func hasAll(_ changes: UnsafeBufferPointer<HotChange>) -> Bool {
    guard presentCount == count else { return false }
    var highest: UInt32 = 0
    for change in changes { highest = max(highest, change.index) }
    return Int(highest) < count
  }

  /// Makes every index below `newCount` known, absent and zero at first.
  mutating func grow(to newCount: Int) {
    guard newCount > count else { return }
    valueStorage.reserve(newCount * 8)
    presenceStorage.reserve(newCount)
    (values + count).initialize(repeating: 0, count: newCount - count)
    (presence + count).initialize(repeating: .absent, count: newCount - count)
    count = newCount
  }
}
