/// Protobuf by hand, so that tests can say what no sender of ours would, and check what ours says.
struct RawMessage {
  private(set) var bytes: [UInt8] = []

  init(_ build: (inout RawMessage) -> Void = { _ in }) { build(&self) }

  mutating func varint(_ field: UInt64, _ value: UInt64) {
    append(field << 3)
    append(value)
  }

  mutating func bytes(_ field: UInt64, _ content: [UInt8]) {
    append(field << 3 | 2)
    append(UInt64(content.count))
    bytes += content
  }

  mutating func double(_ field: UInt64, _ value: Double) {
    append(field << 3 | 1)
    bytes += (0..<8).map { UInt8(truncatingIfNeeded: value.bitPattern >> ($0 * 8)) }
  }

  mutating func text(_ field: UInt64, _ text: String) { bytes(field, Array(text.utf8)) }

  mutating func message(_ field: UInt64, _ build: (inout RawMessage) -> Void) {
    bytes(field, RawMessage(build).bytes)
  }

  mutating func packed(_ field: UInt64, _ values: [UInt64]) {
    var column = RawMessage()
    for value in values { column.append(value) }
    bytes(field, column.bytes)
  }

  mutating func zigzag(_ field: UInt64, _ values: [Int64]) {
    packed(field, values.map { UInt64(bitPattern: $0 << 1 ^ $0 >> 63) })
  }

  mutating func doubles(_ field: UInt64, _ values: [Double]) {
    bytes(
      field,
      values.flatMap { value in (0..<8).map { UInt8(truncatingIfNeeded: value.bitPattern >> ($0 * 8)) } })
  }

  private mutating func append(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}

/// The fields of MetricsFrame that tests write by hand.
extension RawMessage {
  static func frame(_ sequence: UInt64 = 1, _ build: (inout RawMessage) -> Void = { _ in }) -> [UInt8] {
    RawMessage {
      $0.varint(2, sequence)
      build(&$0)
    }.bytes
  }

  mutating func opening() {
    message(1) {
      $0.text(1, "0123456789abcdef0123456789abcdef")
      $0.text(4, "web-1")
    }
  }

  mutating func integer(_ name: String, labels: [(String, String)] = []) { series(name, labels, type: 0) }
  mutating func double(_ name: String) { series(name, [], type: 1) }

  mutating func series(_ name: String, _ labels: [(String, String)] = [], type: UInt64) {
    message(5) { series in
      series.text(1, name)
      for (name, value) in labels {
        series.message(2) {
          $0.text(1, name)
          $0.text(2, value)
        }
      }
      if type != 0 { series.varint(4, type) }
    }
  }

  /// Changes of integers by ascending index.
  mutating func changes(_ changes: KeyValuePairs<Int, Int64>) {
    var groups: [UInt8] = []
    var members: [UInt8] = []
    var last = -1
    for (index, _) in changes {
      let group = index / 8
      if group != last {
        while groups.count <= group / 8 { groups.append(0) }
        groups[group / 8] |= 1 << (group % 8)
        members.append(0)
        last = group
      }
      members[members.count - 1] |= 1 << (index % 8)
    }
    self.changes(groups: groups, members: members, deltas: changes.map(\.value))
  }

  mutating func changes(groups: [UInt8], members: [UInt8], deltas: [Int64]) {
    bytes(6, groups)
    bytes(7, members)
    zigzag(8, deltas)
  }

  mutating func doubles(at indexes: [UInt64], _ values: [Double]) {
    packed(9, indexes)
    doubles(10, values)
  }

  mutating func gone(_ indexes: [UInt64]) { packed(11, indexes) }
}
