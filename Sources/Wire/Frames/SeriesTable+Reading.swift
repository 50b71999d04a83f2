internal import GRPC

// A frame's columns, checked against the table and made absolute. Nothing here changes the table.
//
// These are methods of the table, a struct, and not of its reader, a class, because the runtime checks the
// exclusive access to a class's properties each time, which would cost more than the work.
extension SeriesTable {
  /// How many changes a frame has, if it can have so many.
  func countChanges(_ frame: FrameFields) throws(Status) -> Int {
    guard frame.doubleIndexes.count == frame.doubles.count else {
      throw Status(
        .invalidArgument, "\(frame.doubleIndexes.count) double_indexes but \(frame.doubles.count) doubles")
    }
    let changes = frame.deltas.count + frame.doubles.count
    guard changes <= count else {
      throw Status(.invalidArgument, "\(changes) changes in a stream that has described \(count) series")
    }
    return changes
  }

  /// Lists the changes of both columns by ascending index, in memory for so many as there are.
  func listChanges(
    _ frame: FrameFields, into listed: UnsafeMutableBufferPointer<Change>
  ) throws(Status) {
    // Behind room for the doubles, which are then merged in front of them.
    let integers = UnsafeMutableBufferPointer(rebasing: listed[frame.doubles.count...])
    if !integers.isEmpty || !frame.changedGroups.isEmpty || !frame.changedMembers.isEmpty {
      try listIntegers(frame, into: integers)
    }
    if frame.doubles.count > 0 { try mergeDoubles(frame, into: listed) }
  }

  private func listIntegers(
    _ frame: FrameFields, into listed: UnsafeMutableBufferPointer<Change>
  ) throws(Status) {
    let members = frame.changedMembers
    var next = IntegerReader(deltas: ProtobufScanner(frame.deltas.bytes), listed: listed)
    var nextMember = 0
    var firstOfByte = 0
    for var groups in frame.changedGroups {
      while groups != 0 {
        let firstOfGroup = firstOfByte + groups.trailingZeroBitCount << 3
        groups &= groups &- 1
        guard nextMember < members.count, members[nextMember] != 0 else { throw mismatch(frame) }
        if let bad = next.read(members[nextMember], from: firstOfGroup, self) {
          throw refusal(bad, frame)
        }
        nextMember += 1
      }
      firstOfByte += 64
    }
    guard next.isDone, nextMember == members.count else { throw mismatch(frame) }
  }

  private func refusal(_ bad: IntegerReader.Problem, _ frame: FrameFields) -> Status {
    switch bad {
    case .mismatch: mismatch(frame)
    case .notDescribed(let index): notDescribed(index)
    case .noInteger(let index): notDescribed(index, as: .integer)
    case .malformed: frame.malformed
    }
  }

  /// Merges the doubles with the integers, which lie at the end.
  private func mergeDoubles(
    _ frame: FrameFields, into listed: UnsafeMutableBufferPointer<Change>
  ) throws(Status) {
    var indexes = ProtobufScanner(frame.doubleIndexes.bytes)
    var doubles = ProtobufScanner(frame.doubles.bytes)
    var integer = frame.doubles.count
    var next = 0
    var out = 0
    for position in 0..<frame.doubles.count {
      guard let number = indexes.varint(), let raw = doubles.bytes(8) else { throw frame.malformed }
      let index = Int(UInt32(truncatingIfNeeded: number))
      guard index >= next else { throw notAscending("double_indexes", position) }
      next = index + 1
      guard index < count else { throw notDescribed(index) }
      guard traits[index].contains(.double) else { throw notDescribed(index, as: .double) }
      while integer < listed.count, listed[integer].index < index {
        listed[out] = listed[integer]
        (integer, out) = (integer + 1, out + 1)
      }
      listed[out] = Change(
        index: UInt32(truncatingIfNeeded: index),
        raw: Int64(littleEndian: raw.loadUnaligned(as: Int64.self)))
      out += 1
    }
  }

  /// Lists the series that are gone: ascending, described, and none of them changed. There is memory for all, or for as
  /// many as are described.
  func listGone(
    _ frame: FrameFields, besides changes: UnsafeBufferPointer<Change>,
    into listed: UnsafeMutableBufferPointer<UInt32>
  ) throws(Status) -> UnsafeBufferPointer<UInt32> {
    var gone = ProtobufScanner(frame.gone.bytes)
    var change = 0
    var next = 0
    for position in 0..<frame.gone.count {
      guard let number = gone.varint() else { throw frame.malformed }
      let index = Int(UInt32(truncatingIfNeeded: number))
      guard index >= next else { throw notAscending("gone", position) }
      next = index + 1
      guard index < count else { throw notDescribed(index) }
      while change < changes.count, Int(changes[change].index) < index { change += 1 }
      if change < changes.count, Int(changes[change].index) == index {
        throw Status(.invalidArgument, "series \(index) is both changed and gone")
      }
      listed[position] = UInt32(truncatingIfNeeded: index)
    }
    return UnsafeBufferPointer(rebasing: UnsafeBufferPointer(listed)[..<frame.gone.count])
  }

  /// Says how the three columns of the integer changes do not fit.
  private func mismatch(_ frame: FrameFields) -> Status {
    let groups = frame.changedGroups.reduce(0) { $0 + $1.nonzeroBitCount }
    let members = frame.changedMembers
    let series = members.reduce(0) { $0 + $1.nonzeroBitCount }
    return Status(
      .invalidArgument,
      "changed_groups marks \(groups) groups, changed_members \(series) series in \(members.count) groups "
        + "(0 is not allowed), and there are \(frame.deltas.count) deltas")
  }

  private func notDescribed(_ index: Int) -> Status {
    Status(.invalidArgument, "series \(index) of a stream that has described \(count) series")
  }

  private func notDescribed(_ index: Int, as type: ValueType) -> Status {
    Status(.invalidArgument, "series \(index) is not described as \(type)")
  }

  private func notAscending(_ column: StaticString, _ position: Int) -> Status {
    Status(.invalidArgument, "\(column) does not ascend at position \(position)")
  }
}

/// Reads the changes of integers, group by group. This is the innermost loop of all that an aggregator does.
private struct IntegerReader {
  enum Problem {
    case mismatch, malformed
    case notDescribed(Int)
    case noInteger(Int)
  }

  private var deltas: ProtobufScanner
  private var next: UnsafeMutablePointer<SeriesTable.Change>
  private let end: UnsafeMutablePointer<SeriesTable.Change>

  init(deltas: ProtobufScanner, listed: UnsafeMutableBufferPointer<SeriesTable.Change>) {
    self.deltas = deltas
    // Any address will do where there is no room.
    next = listed.baseAddress ?? UnsafeMutablePointer(bitPattern: 16)!
    end = next + listed.count
  }

  var isDone: Bool { next == end }

  /// Reads the changes of up to eight series.
  @inline(__always)
  mutating func read(_ members: UInt8, from first: Int, _ table: SeriesTable) -> Problem? {
    guard members.nonzeroBitCount <= end - next else { return .mismatch }
    var members = members
    while members != 0 {
      let index = first &+ members.trailingZeroBitCount
      members &= members &- 1
      guard index < table.count else { return .notDescribed(index) }
      guard !table.traits[index].contains(.double) else { return .noInteger(index) }
      guard let delta = deltas.varint() else { return .malformed }
      next.initialize(
        to: DecodedFrame.Change(
          index: UInt32(truncatingIfNeeded: index), raw: table.values[index] &+ Int64(zigzag: delta)))
      next += 1
    }
    return nil
  }
}

extension Int64 {
  /// What a sint64 of protobuf stands for: 0, 1, 2, 3 are 0, -1, 1, -2.
  @inline(__always)
  fileprivate init(zigzag value: UInt64) {
    self = Int64(bitPattern: value &>> 1) ^ -Int64(bitPattern: value & 1)
  }
}
