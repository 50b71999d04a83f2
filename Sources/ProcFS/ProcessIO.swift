/// `/proc/<pid>/io`: what a process had read from and written to storage. See proc_pid_io(5).
///
///     rchar: 6976
///     …
///     read_bytes: 4096
///     write_bytes: 0
///     cancelled_write_bytes: 0
///
/// Only the owner of a process may read it, and who may trace it.
public struct ProcessIO: Hashable, Sendable {
  /// The file's name in the process's folder.
  public static let fileName: StaticString = "/io"

  /// Bytes fetched from storage.
  public private(set) var readBytes: Int64
  /// Bytes sent, or to be sent, to storage.
  public private(set) var writtenBytes: Int64

  /// Reads the file's text.
  public init(parsing text: UnsafeRawBufferPointer) throws(KernelError) {
    var cursor = Cursor(text)
    var read: Int64?
    var written: Int64?
    while !cursor.isAtEnd, read == nil || written == nil {
      if cursor.skip(prefix: "read_bytes:") {
        read = cursor.number()
      } else if cursor.skip(prefix: "write_bytes:") {
        written = cursor.number()
      }
      cursor.skipLine()
    }
    guard let read, let written else {
      throw .malformed(
        file: "proc/<pid>/io", line: 1, reason: "numbers behind read_bytes: and write_bytes: are expected")
    }
    readBytes = read
    writtenBytes = written
  }
}
