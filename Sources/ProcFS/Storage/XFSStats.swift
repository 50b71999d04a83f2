/// `/sys/fs/xfs/<device>/stats/stats`: what an XFS file system did. See xfs_stats.c in the kernel's fs/xfs.
///
///     extent_alloc 92447 97589 92448 93751
///     rw 107739 94045
///     xpc 399724544 92823103 86219234
///
/// A line has a word and some numbers. Those of `xpc` are of 64 bits, all others of 32: they wrap.
public struct XFSStats {
  /// Numbers of a line beyond these are passed over.
  public static let maximumNumbers = 16

  /// The lines that are read.
  public enum Group: String, CaseIterable, Sendable {
    /// Extents and blocks allocated, and freed.
    case extentAllocation = "extent_alloc"
    /// The B-tree of free space: lookups, compares, records inserted and deleted.
    case allocationTree = "abt"
    /// Where blocks of files are: reads, writes, deletions; insertions, deletions, lookups, compares of
    /// extents.
    case blockMap = "blk_map"
    /// The same as a B-tree: lookups, compares, records inserted and deleted.
    case blockMapTree = "bmbt"
    /// Directories: lookups, creations, removals, getdents.
    case directories = "dir"
    /// Transactions: waited for, not waited for, empty.
    case transactions = "trans"
    /// Inodes: attempts, found, recycled, missed, duplicates, reclaimed, attribute changes.
    case inodes = "ig"
    /// The log: writes, blocks, waits for a buffer, forces, waits in them.
    case log
    /// Calls to write and to read.
    case calls = "rw"
    /// Attributes: got, set, removed, listed.
    case attributes = "attr"
    /// Inodes in memory: active, allocated, got, held, released, reclaimed, removed.
    case vnodes
    /// Bytes flushed, written, read.
    case bytes = "xpc"
  }

  private var numbers: [Group: [Int64]] = [:]

  /// Nothing parsed yet.
  public init() {}

  /// The numbers of a line; none if the kernel does not write it.
  public subscript(group: Group) -> [Int64] { numbers[group] ?? [] }

  /// Replaces the numbers by those of `text`. After an error they are incomplete. `file` is for errors.
  public mutating func parse(_ text: UnsafeRawBufferPointer, file: String) throws(KernelError) {
    numbers.removeAll(keepingCapacity: true)
    var cursor = Cursor(text)
    var line = 1
    while !cursor.isAtEnd {
      if let group = Group(rawValue: cursor.word().string(in: text)) {
        guard let found = cursor.numbers() else {
          throw .malformed(file: file, line: line, reason: "numbers are expected behind \(group.rawValue)")
        }
        numbers[group] = found
      }
      cursor.skipLine()
      line += 1
    }
    if numbers.isEmpty { throw .malformed(file: file, line: line, reason: "no numbers that are known") }
  }
}

extension Cursor {
  fileprivate mutating func numbers() -> [Int64]? {
    var numbers: [Int64] = []
    skipBlanks()
    while !isAtLineEnd, numbers.count < XFSStats.maximumNumbers {
      guard let number = number() else { return nil }
      numbers.append(number)
      skipBlanks()
    }
    return numbers
  }
}
