internal import CProtobufC

/// The columns of a frame to be packed, in one piece of memory that is used again for every frame.
struct FrameColumns {
  private let deltas: UnsafeMutablePointer<Int64>
  private let doubles: UnsafeMutablePointer<Double>
  private let doubleIndexes: UnsafeMutablePointer<UInt32>
  private let gone: UnsafeMutablePointer<UInt32>
  private let members: UnsafeMutablePointer<UInt8>
  private let groups: UnsafeMutablePointer<UInt8>

  private(set) var integerCount = 0
  private(set) var doubleCount = 0
  private(set) var goneCount = 0
  /// Of the changed series, those that were absent before.
  private(set) var appearedCount = 0
  private var memberBytes = 0
  private var groupBytes = 0
  private var lastGroup = -1

  /// Memory that the columns of so many series take at most, in 8-byte words.
  static func words(series: Int) -> Int { series * 3 + (series + 7) / 64 + (series + 63) / 512 + 2 }

  /// Empty columns in memory of `words(series:)`.
  init(_ memory: UnsafeMutableRawPointer, series: Int) {
    deltas = memory.bindMemory(to: Int64.self, capacity: series)
    doubles = (memory + series * 8).bindMemory(to: Double.self, capacity: series)
    doubleIndexes = (memory + series * 16).bindMemory(to: UInt32.self, capacity: series)
    gone = (memory + series * 20).bindMemory(to: UInt32.self, capacity: series)
    members = (memory + series * 24).bindMemory(to: UInt8.self, capacity: (series + 7) / 8)
    groups = (memory + series * 24 + (series + 7) / 8).bindMemory(
      to: UInt8.self, capacity: (series + 63) / 64)
  }

  /// An integer series changed by this. Indexes ascend.
  @inline(__always)
  mutating func add(_ index: Int, delta: Int64) {
    deltas[integerCount] = delta
    integerCount &+= 1
    let group = index >> 3
    if group != lastGroup {
      lastGroup = group
      members[memberBytes] = 0
      memberBytes &+= 1
      while groupBytes <= group >> 3 {
        groups[groupBytes] = 0
        groupBytes &+= 1
      }
      groups[group >> 3] |= 1 << UInt8(group & 7)
    }
    members[memberBytes &- 1] |= 1 << UInt8(index & 7)
  }

  /// A double series has this value now. Indexes ascend.
  mutating func add(_ index: Int, double raw: Int64) {
    doubleIndexes[doubleCount] = UInt32(truncatingIfNeeded: index)
    doubles[doubleCount] = Double(bitPattern: UInt64(bitPattern: raw))
    doubleCount += 1
  }

  /// The series added last was absent before.
  mutating func countAppeared() { appearedCount += 1 }

  /// A series is no longer there. Indexes ascend.
  mutating func add(gone index: Int) {
    gone[goneCount] = UInt32(truncatingIfNeeded: index)
    goneCount += 1
  }

  /// Lets a frame point at the columns.
  func fill(_ frame: inout Muster__V1__MetricsFrame) {
    frame.changed_groups = ProtobufCBinaryData(len: groupBytes, data: groups)
    frame.changed_members = ProtobufCBinaryData(len: memberBytes, data: members)
    (frame.n_deltas, frame.deltas) = (integerCount, deltas)
    (frame.n_double_indexes, frame.double_indexes) = (doubleCount, doubleIndexes)
    (frame.n_doubles, frame.doubles) = (doubleCount, doubles)
    (frame.n_gone, frame.gone) = (goneCount, gone)
  }
}
