/// `/proc/spl/kstat/zfs/<pool>/io`, which ZFS on Linux had before OpenZFS 2: I/O of a whole pool.
///
///     12 3 0x00 1 80 79205351707403 395818011156865
///     nread    nwritten reads    writes   wtime    wlentime wupdate  rtime    rlentime rupdate  wcnt     rcnt
///     1884160  6450688  22       978      272187126 2850519036 ...
public struct PoolIO {
  /// More columns than this are passed over.
  public static let maximumColumns = 64

  /// Names of columns and their values.
  public private(set) var columns: [(name: TextRange, value: Int64)] = []

  /// Nothing parsed yet.
  public init() {}

  /// Replaces the columns by those of `text`. After an error they are incomplete. `file` is for errors.
  public mutating func parse(_ text: UnsafeRawBufferPointer, file: String) throws(KernelError) {
    columns.removeAll(keepingCapacity: true)
    var names = Cursor(text)
    names.skipLine()
    var values = names
    values.skipLine()
    names.skipBlanks()
    while !names.isAtLineEnd, columns.count < Self.maximumColumns {
      let name = names.word()
      guard let value = values.number() else {
        throw .malformed(file: file, line: 3, reason: "a number is expected for each name above")
      }
      columns.append((name, value))
      names.skipBlanks()
    }
    if columns.isEmpty { throw .malformed(file: file, line: 2, reason: "names of columns are expected") }
  }
}
