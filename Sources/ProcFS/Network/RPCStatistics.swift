/// `/proc/net/rpc/nfs` and `/proc/net/rpc/nfsd`: calls of the kernel's NFS client and server. See nfsstat(8).
///
///     net 18628 0 18628 6
///     rpc 4329785 0 4338291
///     proc3 22 1 4084749 29200 94754 32580 186 47747 7981 8639 0 6356 0 6962 0 7958 0 0 241 4 4 2 39
///
/// Lines of a label and numbers. Which there are, and how many numbers, depends on the kernel. `procN` starts
/// with how many numbers follow: one for each procedure.
public struct RPCStatistics {
  /// The client's file, relative to a ``ProcRoot``.
  public static let clientPath = "proc/net/rpc/nfs"
  /// The server's file.
  public static let serverPath = "proc/net/rpc/nfsd"

  /// More lines than this are an error; kernels write fewer than 20.
  public static let maximumLines = 128
  /// More numbers than this are an error; kernels write fewer than 200.
  public static let maximumValues = 4096

  /// One line.
  public struct Line {
    /// Where its label stands.
    public let label: TextRange
    /// Which of the values are its own.
    public let values: Range<Int>
  }

  /// The lines, in the file's order.
  public private(set) var lines: [Line] = []
  /// The numbers of all lines.
  public private(set) var values: [Int64] = []

  private let path: String

  /// Nothing parsed yet. `path` is for errors.
  public init(path: String) {
    self.path = path
  }

  /// Replaces the lines by those of `text`. After an error they are incomplete.
  public mutating func parse(_ text: UnsafeRawBufferPointer) throws(KernelError) {
    lines.removeAll(keepingCapacity: true)
    values.removeAll(keepingCapacity: true)
    var cursor = Cursor(text)
    var line = 1
    while !cursor.isAtEnd {
      cursor.skipBlanks()
      if !cursor.isAtLineEnd { try parseLine(&cursor, text, line) }
      cursor.skipLine()
      line += 1
    }
    if lines.isEmpty { throw malformed(line, "no values") }
  }

  private mutating func parseLine(
    _ cursor: inout Cursor, _ text: UnsafeRawBufferPointer, _ line: Int
  ) throws(KernelError) {
    guard lines.count < Self.maximumLines else {
      throw malformed(line, "more than \(Self.maximumLines) lines")
    }
    let label = cursor.word()
    let name = label.bytes(in: text)
    // A histogram of seconds follows the numbers of the threads.
    let isThreads = name.elementsEqual("th".utf8)
    let first = values.count
    cursor.skipBlanks()
    while !cursor.isAtLineEnd {
      guard let value = cursor.number() else {
        if isThreads { break }
        throw malformed(line, "a number is expected")
      }
      guard values.count < Self.maximumValues else {
        throw malformed(line, "more than \(Self.maximumValues) values")
      }
      values.append(value)
      cursor.skipBlanks()
    }
    let own = first..<values.count
    if name.starts(with: "proc".utf8), own.isEmpty || values[first] != own.count - 1 {
      throw malformed(line, "as many numbers as the first one says are expected")
    }
    lines.append(Line(label: label, values: own))
  }

  private func malformed(_ line: Int, _ reason: String) -> KernelError {
    .malformed(file: path, line: line, reason: reason)
  }
}
