/// `/proc/net/stat/nf_conntrack`: what connection tracking did, summed over the CPUs. See conntrack(8), `-S`.
///
///     entries  clashres found new invalid ignore delete chainlength insert insert_failed drop early_drop …
///     00000022  00000000 00000000 00000000 00000003 000016ae 00000000 00000002 00000000 00000000 …
///
/// A line for each CPU that there might be, in hexadecimal.
public struct ConntrackStatistics {
  /// The file, relative to a ``ProcRoot``.
  public static let path = "proc/net/stat/nf_conntrack"
  /// Connections tracked now: one number.
  public static let countPath = "proc/sys/net/netfilter/nf_conntrack_count"
  /// Connections that may be tracked: one number.
  public static let limitPath = "proc/sys/net/netfilter/nf_conntrack_max"

  /// Columns of the file that are summed.
  public enum Column: Int, CaseIterable, Sendable {
    case found, invalid, ignore, insert, insertFailed, drop, earlyDrop, searchRestart

    /// What it is called in the file.
    fileprivate var heading: StaticString {
      switch self {
      case .found: "found"
      case .invalid: "invalid"
      case .ignore: "ignore"
      case .insert: "insert"
      case .insertFailed: "insert_failed"
      case .drop: "drop"
      case .earlyDrop: "early_drop"
      case .searchRestart: "search_restart"
      }
    }
  }

  /// More columns than this are an error; there are 17.
  public static let maximumColumns = 32

  /// The sums, nil where the file has no such column.
  public private(set) var sums = InlineArray<8, Int64?>(repeating: nil)

  /// Nothing parsed yet.
  public init() {}

  /// Replaces the sums by those of `text`. After an error they are incomplete.
  public mutating func parse(_ text: UnsafeRawBufferPointer) throws(KernelError) {
    sums = .init(repeating: nil)
    var cursor = Cursor(text)
    var columns = InlineArray<32, Column?>(repeating: nil)
    let count = try parseHeadings(&cursor, text, &columns)
    var line = 2
    while !cursor.isAtEnd {
      cursor.skipBlanks()
      if !cursor.isAtLineEnd { try add(&cursor, count, columns, line) }
      cursor.skipLine()
      line += 1
    }
  }

  /// Finds which column is which; how many there are.
  private mutating func parseHeadings(
    _ cursor: inout Cursor, _ text: UnsafeRawBufferPointer, _ columns: inout InlineArray<32, Column?>
  ) throws(KernelError) -> Int {
    var count = 0
    var word = cursor.word()
    while word.count > 0 {
      guard count < Self.maximumColumns else {
        throw malformed(1, "more than \(Self.maximumColumns) columns")
      }
      if let column = column(word.bytes(in: text)) {
        columns[count] = column
        sums[column.rawValue] = 0
      }
      count += 1
      word = cursor.word()
    }
    guard count > 0 else { throw malformed(1, "headings are expected") }
    cursor.skipLine()
    return count
  }

  private func column(_ heading: UnsafeRawBufferPointer) -> Column? {
    for column in Column.allCases {
      let own = column.heading
      let bytes = UnsafeRawBufferPointer(start: own.utf8Start, count: own.utf8CodeUnitCount)
      if heading.elementsEqual(bytes) { return column }
    }
    return nil
  }

  /// Adds the numbers of one CPU.
  private mutating func add(
    _ cursor: inout Cursor, _ count: Int, _ columns: InlineArray<32, Column?>, _ line: Int
  ) throws(KernelError) {
    for index in 0..<count {
      guard let value = cursor.hexadecimalNumber() else {
        throw malformed(line, "\(count) hexadecimal numbers are expected")
      }
      guard let place = columns[index]?.rawValue, let sum = sums[place] else { continue }
      sums[place] = sum.saturatingAdding(value)
    }
    cursor.skipBlanks()
    guard cursor.isAtLineEnd else { throw malformed(line, "\(count) hexadecimal numbers are expected") }
  }

  private func malformed(_ line: Int, _ reason: String) -> KernelError {
    .malformed(file: Self.path, line: line, reason: reason)
  }
}
