internal import CProtobufC
internal import GRPC

// A frame's columns, checked against the table and made absolute. Nothing here changes the table.
//
// These are methods of the table, a struct, and not of its reader, a class, because the runtime checks the
// exclusive access to a class's properties each time, which would cost more than the work.
extension SeriesTable {
  typealias Frame = FrameReader.Frame

  /// How many changes a frame has, if it can have so many.
  func countChanges(_ frame: Frame) throws(Status) -> Int {
    guard frame.n_double_indexes == frame.n_doubles else {
      throw Status(
        .invalidArgument, "\(frame.n_double_indexes) double_indexes but \(frame.n_doubles) doubles")
    }
    let changes = frame.n_deltas + frame.n_doubles
    guard changes <= count else {
      throw Status(.invalidArgument, "\(changes) changes in a stream that has described \(count) series")
    }
    return changes
  }

  /// Lists the changes of both columns by ascending index, in memory for so many as there are.
  func listChanges(_ frame: Frame, into listed: UnsafeMutablePointer<Change>) throws(Status) {
    if frame.n_deltas > 0 || frame.changed_groups.len > 0 || frame.changed_members.len > 0 {
      try listIntegers(frame, into: listed)
    }
    if frame.n_doubles > 0 { try mergeDoubles(frame, into: listed) }
  }

  private func listIntegers(_ frame: Frame, into listed: UnsafeMutablePointer<Change>) throws(Status) {
    let deltas = UnsafeBufferPointer(start: frame.deltas, count: frame.n_deltas)
    let members = UnsafeBufferPointer(frame.changed_members)
    var position = 0
    var nextMember = 0
    var firstOfByte = 0
    for var groups in UnsafeBufferPointer(frame.changed_groups) {
      while groups != 0 {
        let firstOfGroup = firstOfByte + groups.trailingZeroBitCount << 3
        groups &= groups &- 1
        guard nextMember < members.count, members[nextMember] != 0 else { throw mismatch(frame) }
        var group = members[nextMember]
        nextMember += 1
        while group != 0 {
          let index = firstOfGroup + group.trailingZeroBitCount
          group &= group &- 1
          guard position < deltas.count else { throw mismatch(frame) }
          try check(index, is: .integer)
          listed[position] = Change(
            index: UInt32(truncatingIfNeeded: index), raw: value(index) &+ deltas[position])
          position += 1
        }
      }
      firstOfByte += 64
    }
    guard position == deltas.count, nextMember == members.count else { throw mismatch(frame) }
  }

  /// Merges the doubles into the integers listed before them, from the back.
  private func mergeDoubles(_ frame: Frame, into listed: UnsafeMutablePointer<Change>) throws(Status) {
    let indexes = UnsafeBufferPointer(start: frame.double_indexes, count: frame.n_double_indexes)
    let doubles = UnsafeBufferPointer(start: frame.doubles, count: frame.n_doubles)
    var integer = frame.n_deltas - 1
    var bound = UInt32.max
    for position in indexes.indices.reversed() {
      let index = indexes[position]
      guard index < bound else { throw notAscending("double_indexes", position) }
      bound = index
      try check(Int(index), is: .double)
      while integer >= 0, listed[integer].index > index {
        listed[integer + position + 1] = listed[integer]
        integer -= 1
      }
      listed[integer + position + 1] = Change(
        index: index, raw: Int64(bitPattern: doubles[position].bitPattern))
    }
  }

  /// The series that are gone: ascending, described, and none of them changed.
  func checkGone(
    _ frame: Frame, besides changes: UnsafeBufferPointer<Change>
  ) throws(Status) -> UnsafeBufferPointer<UInt32> {
    let gone = UnsafeBufferPointer<UInt32>(start: frame.gone, count: frame.n_gone)
    var change = 0
    var next = 0
    for position in gone.indices {
      let index = Int(gone[position])
      guard index >= next else { throw notAscending("gone", position) }
      next = index + 1
      guard index < count else { throw notDescribed(index) }
      while change < changes.count, Int(changes[change].index) < index { change += 1 }
      if change < changes.count, Int(changes[change].index) == index {
        throw Status(.invalidArgument, "series \(index) is both changed and gone")
      }
    }
    return gone
  }

  @inline(__always)
  private func check(_ index: Int, is type: ValueType) throws(Status) {
    guard index < count else { throw notDescribed(index) }
    guard isDouble(index) == (type == .double) else {
      throw Status(.invalidArgument, "series \(index) is not described as \(type)")
    }
  }

  /// Says how the three columns of the integer changes do not fit.
  private func mismatch(_ frame: Frame) -> Status {
    let groups = UnsafeBufferPointer(frame.changed_groups).reduce(0) { $0 + $1.nonzeroBitCount }
    let members = UnsafeBufferPointer(frame.changed_members)
    let series = members.reduce(0) { $0 + $1.nonzeroBitCount }
    return Status(
      .invalidArgument,
      "changed_groups marks \(groups) groups, changed_members \(series) series in \(members.count) groups "
        + "(0 is not allowed), and there are \(frame.n_deltas) deltas")
  }

  private func notDescribed(_ index: Int) -> Status {
    Status(.invalidArgument, "series \(index) of a stream that has described \(count) series")
  }

  private func notAscending(_ column: StaticString, _ position: Int) -> Status {
    Status(.invalidArgument, "\(column) does not ascend at position \(position)")
  }
}

extension UnsafeBufferPointer<UInt8> {
  fileprivate init(_ bytes: ProtobufCBinaryData) { self.init(start: bytes.data, count: bytes.len) }
}
