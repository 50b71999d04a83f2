/// `/proc/sys/fs/file-nr`: open files of the whole system. See proc_sys_fs(5).
///
///     1289	0	2466170
///     allocated, allocated but unused (always 0 since Linux 2.6), most that may be
public struct FileHandles {
  /// The file, relative to a ``ProcRoot``.
  public static let path = "proc/sys/fs/file-nr"

  /// Files that are open.
  public private(set) var allocated: Int64 = 0
  /// How many may be; `Int64.max` where there is no limit, as since systemd 240.
  public private(set) var maximum: Int64 = 0

  /// Nothing parsed yet.
  public init() {}

  /// Replaces the values by those of `text`.
  public mutating func parse(_ text: UnsafeRawBufferPointer) throws(KernelError) {
    var cursor = Cursor(text)
    guard let allocated = cursor.number(), cursor.number() != nil, let maximum = cursor.number() else {
      throw .malformed(file: Self.path, line: 1, reason: "three numbers are expected")
    }
    (self.allocated, self.maximum) = (allocated, maximum)
  }
}
