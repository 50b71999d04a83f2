/// Files of one name and one number a line, whose names differ from kernel to kernel: `/proc/meminfo` and
/// `/proc/vmstat`. See proc_meminfo(5), proc_vmstat(5).
///
///     MemTotal:       24684084 kB          nr_free_pages 1083974
///     HugePages_Total:       0             pgfault 16049075
///
/// A colon behind the name is not part of it. Empty lines, which some kernels write, are passed over. In the files
/// of a memory node, `/sys/devices/system/node/node0/meminfo`, each line has a prefix: `Node 0 MemFree: 5 kB`.
///
/// A running kernel writes the same names in the same order each time. So they are learned once, and then
/// only compared; ``layout`` says when they changed.
public struct KeyedValues {
  /// Memory, relative to a ``ProcRoot``.
  public static let memoryInfoPath = "proc/meminfo"
  /// Virtual memory counters, relative to a ``ProcRoot``.
  public static let vmstatPath = "proc/vmstat"

  /// More lines than this are an error; kernels write fewer than 300.
  public static let maximumEntries = 4096

  /// One line.
  public struct Entry {
    /// The number.
    public fileprivate(set) var value: Int64
    /// True if the number is followed by `kB`, which means 1024 bytes.
    public let isKibibytes: Bool
    /// The name, with its prefix and its colon, in `names`.
    fileprivate let word: TextRange
  }

  /// The lines, in the file's order.
  public private(set) var entries: [Entry] = []
  /// Another number whenever the names, their order or their units have changed.
  public private(set) var layout = 0

  private var names: [UInt8] = []
  private let path: String
  /// What each line begins with.
  private let prefix: [UInt8]

  /// Nothing parsed yet. `path` is for errors; each line begins with `prefix`: `Node 0 `.
  public init(path: String, prefix: String = "") {
    self.path = path
    self.prefix = Array(prefix.utf8)
  }

  /// The name of an entry, without its colon.
  public func name(of entry: Entry) -> String {
    let word = names[entry.word.offset..<entry.word.offset + entry.word.count].dropFirst(prefix.count)
    return String(decoding: word.last == UInt8(ascii: ":") ? word.dropLast() : word, as: UTF8.self)
  }

  /// Replaces the entries by those of `text`. After an error they are incomplete.
  public mutating func parse(_ text: UnsafeRawBufferPointer) throws(KernelError) {
    if entries.isEmpty || !update(text) { try learn(text) }
  }

  /// Takes over the numbers, if the names are the known ones; false if they are not, or anything is odd.
  private mutating func update(_ text: UnsafeRawBufferPointer) -> Bool {
    names.withUnsafeBytes { names in
      entries.withUnsafeMutableBufferPointer { entries in
        // The names lie one behind the other.
        guard var name = names.baseAddress else { return false }
        var cursor = Cursor(text)
        for index in entries.indices {
          let count = entries[index].word.count
          guard cursor.skip(name, count: count), cursor.isAtBlank, let value = cursor.number() else {
            return false
          }
          if entries[index].isKibibytes, !cursor.skip(prefix: " kB") { return false }
          guard cursor.skip(UInt8(ascii: "\n")) else { return false }
          entries[index].value = value
          name += count
        }
        return cursor.isAtEnd
      }
    }
  }

  /// Learns names, numbers and units.
  private mutating func learn(_ text: UnsafeRawBufferPointer) throws(KernelError) {
    layout += 1
    entries.removeAll()
    names.removeAll()
    var cursor = Cursor(text)
    var line = 1
    while !cursor.isAtEnd {
      let word = try name(&cursor, line)
      if word.count > 0 { try learnLine(word.bytes(in: text), &cursor, line) }
      cursor.skipLine()
      line += 1
    }
    if entries.isEmpty { throw malformed(line, "no values") }
  }

  /// The name at the start of a line, with its prefix; empty in an empty line.
  private func name(_ cursor: inout Cursor, _ line: Int) throws(KernelError) -> TextRange {
    let start = cursor.offset
    let hasPrefix = prefix.withUnsafeBytes { cursor.skip($0) }
    let word = cursor.word()
    guard !prefix.isEmpty, word.count > 0 else { return word }
    guard hasPrefix else {
      throw malformed(line, "\"\(String(decoding: prefix, as: UTF8.self))\" is expected first")
    }
    return TextRange(offset: start, count: word.offset + word.count - start)
  }

  private mutating func learnLine(
    _ word: UnsafeRawBufferPointer, _ cursor: inout Cursor, _ line: Int
  ) throws(KernelError) {
    guard let value = cursor.number() else { throw malformed(line, "a number is expected behind the name") }
    cursor.skipBlanks()
    let isKibibytes = !cursor.isAtLineEnd
    if isKibibytes {
      guard cursor.skip(prefix: "kB") else { throw malformed(line, "the only known unit is kB") }
      cursor.skipBlanks()
      guard cursor.isAtLineEnd else { throw malformed(line, "more than a name, a number and a unit") }
    }
    guard entries.count < Self.maximumEntries else {
      throw malformed(line, "more than \(Self.maximumEntries) values")
    }
    let place = TextRange(offset: names.count, count: word.count)
    names.append(contentsOf: word)
    entries.append(Entry(value: value, isKibibytes: isKibibytes, word: place))
  }

  private func malformed(_ line: Int, _ reason: String) -> KernelError {
    .malformed(file: path, line: line, reason: reason)
  }
}
