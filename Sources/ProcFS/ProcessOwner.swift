/// Of `/proc/<pid>/status`: whose process it is. See proc_pid_status(5).
///
///     Uid:	1000	1000	1000	1000
public enum ProcessOwner {
  /// The file's name in the process's folder.
  public static let fileName: StaticString = "/status"

  /// The effective user id: what the process may do is decided by it.
  public static func effectiveUser(parsing text: UnsafeRawBufferPointer) throws(KernelError) -> UInt32 {
    var cursor = Cursor(text)
    var line = 1
    while !cursor.isAtEnd {
      if cursor.skip(prefix: "Uid:") {
        if cursor.number() != nil, let user = cursor.number(), let id = UInt32(exactly: user) { return id }
        break
      }
      cursor.skipLine()
      line += 1
    }
    throw .malformed(file: "proc/<pid>/status", line: line, reason: "Uid: and two user ids are expected")
  }
}
