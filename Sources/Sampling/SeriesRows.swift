import Glibc

/// Which series the rows of a table-like kernel file have.
///
/// A row is known by a key: a device's name, say. The n-th row of a file nearly always has the key it had last
/// time, so that is looked at first; the dictionary is asked only when rows came, went or moved.
struct SeriesRows {
  /// Keys remembered; what comes beyond has no series.
  static let maximumRows = 32_768

  /// The series of one key.
  struct Row {
    /// A number of its own, from 0 in the order of appearance.
    let number: Int
    /// The id of its first series, the others following; nil if it has none: left out, or refused.
    let first: Int?
    /// How many series it has.
    let width: Int
    fileprivate let keyOffset: Int
    fileprivate let keyCount: Int
  }

  private var rows: [Row] = []
  private var keys: [UInt8] = []
  private var byKey: [String: Int] = [:]
  private var byPosition: [Int] = []

  /// The row of a key that is the file's `position`-th; nil if it was never added.
  @inline(__always)
  mutating func find(_ key: UnsafeRawBufferPointer, at position: Int) -> Row? {
    if position < byPosition.count {
      let row = rows[byPosition[position]]
      if has(row, key) { return row }
    }
    return look(up: key, at: position)
  }

  /// Remembers a new key and its series. Nil if there are too many.
  mutating func add(_ key: UnsafeRawBufferPointer, first: Int?, width: Int, at position: Int) -> Row? {
    guard rows.count < Self.maximumRows else { return nil }
    let row = Row(
      number: rows.count, first: first, width: width, keyOffset: keys.count, keyCount: key.count)
    keys.append(contentsOf: key)
    rows.append(row)
    byKey[String(decoding: key, as: UTF8.self)] = row.number
    remember(row, at: position)
    return row
  }

  /// Forgets everything.
  mutating func removeAll() {
    self = SeriesRows()
  }

  @inline(__always)
  private func has(_ row: Row, _ key: UnsafeRawBufferPointer) -> Bool {
    guard row.keyCount == key.count, let start = key.baseAddress else { return false }
    return keys.withUnsafeBytes { keys in
      memcmp(keys.baseAddress.unsafelyUnwrapped + row.keyOffset, start, key.count) == 0
    }
  }

  @inline(never)
  private mutating func look(up key: UnsafeRawBufferPointer, at position: Int) -> Row? {
    guard let number = byKey[String(decoding: key, as: UTF8.self)] else { return nil }
    remember(rows[number], at: position)
    return rows[number]
  }

  private mutating func remember(_ row: Row, at position: Int) {
    if position < byPosition.count {
      byPosition[position] = row.number
    } else if position == byPosition.count {
      byPosition.append(row.number)
    }
  }
}
