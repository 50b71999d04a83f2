/// `/proc/<pid>/mountinfo`: what is mounted where. See proc_pid_mountinfo(5).
///
///     36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue
///     id parent device root mount-point options (optional fields) - type source super-options
///
/// Fields are separated by one blank each; a source may be empty, and then two blanks follow one another.
/// Blanks, tabs, newlines, backslashes and `#` inside a field are written as `\` and three octal digits; they
/// are decoded here.
public struct MountInfo {
  /// The mounts of the first process, relative to a ``ProcRoot``: the host's, also for a process whose own
  /// namespace was narrowed by its service manager.
  public static let path = "proc/1/mountinfo"
  /// The mounts of the reading process, for where the first one's are hidden.
  public static let ownPath = "proc/self/mountinfo"

  /// More mounts than this are an error; the kernel's own default is 100,000 (`fs.mount-max`).
  public static let maximumMounts = 100_000

  /// One mount. The ranges are places in ``MountInfo/names``.
  public struct Mount {
    /// Mount point, type and source, decoded and each followed by a NUL: what tells one mount from another.
    public let key: TextRange
    /// Where it is mounted.
    public let point: TextRange
    /// The file system type, with its subtype: `ext4`, `fuse.sshfs`.
    public let type: TextRange
    /// The device, or whatever stands for one.
    public let source: TextRange
    /// The device's two numbers, together: what tells one file system from another. Nil if they make no sense.
    public let device: Int64?
    /// True if the mount or the whole file system is read-only.
    public let isReadOnly: Bool
    /// True if the whole file system is, however it is mounted here.
    public let isFilesystemReadOnly: Bool
  }

  /// The mounts, in the file's order: of two at the same point, the later one is seen.
  public private(set) var mounts: [Mount] = []
  /// The decoded text that ``Mount`` refers to.
  public private(set) var names: [UInt8] = []

  /// Nothing parsed yet.
  public init() {}

  /// Replaces the mounts by those of `text`, which may have none. After an error they are incomplete.
  public mutating func parse(_ text: UnsafeRawBufferPointer) throws(KernelError) {
    mounts.removeAll(keepingCapacity: true)
    names.removeAll(keepingCapacity: true)
    var cursor = Cursor(text)
    var line = 1
    while !cursor.isAtEnd {
      if !cursor.isAtLineEnd { try parseMount(&cursor, line) }
      cursor.skipLine()
      line += 1
    }
  }

  private mutating func parseMount(_ cursor: inout Cursor, _ line: Int) throws(KernelError) {
    guard mounts.count < Self.maximumMounts else {
      throw .malformed(file: Self.path, line: line, reason: "more than \(Self.maximumMounts) mounts")
    }
    for _ in 0..<2 { cursor.skipField() }  // id, parent
    let device = cursor.deviceField()
    cursor.skipField()  // root
    let point = cursor.decodeField(into: &names)
    let isReadOnlyHere = cursor.fieldHasOption("ro")
    try skipOptionalFields(&cursor, line)
    let type = cursor.decodeField(into: &names)
    let source = cursor.decodeField(into: &names)
    guard point.count > 0, type.count > 0, !cursor.isAtLineEnd else {
      throw .malformed(file: Self.path, line: line, reason: "fewer fields than a mount has")
    }
    let isReadOnlyAtAll = cursor.fieldHasOption("ro")
    mounts.append(
      Mount(
        key: TextRange(offset: point.offset, count: names.count - point.offset),
        point: point, type: type, source: source, device: device,
        isReadOnly: isReadOnlyHere || isReadOnlyAtAll, isFilesystemReadOnly: isReadOnlyAtAll))
  }

  private func skipOptionalFields(_ cursor: inout Cursor, _ line: Int) throws(KernelError) {
    while !cursor.skip(prefix: "- ") {
      if cursor.isAtLineEnd {
        throw .malformed(file: Self.path, line: line, reason: "a lone - is expected before the type")
      }
      cursor.skipField()
    }
  }
}

extension Cursor {
  private var isAtFieldEnd: Bool {
    @inline(__always) get { isAtLineEnd || next == UInt8(ascii: " ") }
  }

  /// Steps over a field and the blank behind it.
  @inline(__always)
  fileprivate mutating func skipField() {
    while !isAtFieldEnd { step() }
    _ = skip(UInt8(ascii: " "))
  }

  /// Steps over a field of two numbers, `8:1`, and the blank behind it.
  fileprivate mutating func deviceField() -> Int64? {
    defer { skipField() }
    guard let major = digits(), skip(UInt8(ascii: ":")), let minor = digits(), isAtFieldEnd,
      major <= Int64(Int32.max), minor <= Int64(Int32.max)
    else { return nil }
    return major << 32 | minor
  }

  /// Steps over a field and the blank behind it; appends it decoded, and a NUL, to `names`.
  fileprivate mutating func decodeField(into names: inout [UInt8]) -> TextRange {
    let first = names.count
    while !isAtFieldEnd { names.append(decodedByte()) }
    _ = skip(UInt8(ascii: " "))
    let count = names.count - first
    names.append(0)
    return TextRange(offset: first, count: count)
  }

  /// One byte of a field: itself, or three octal digits behind a backslash.
  @inline(__always)
  private mutating func decodedByte() -> UInt8 {
    let byte = next
    step()
    guard byte == UInt8(ascii: "\\") else { return byte }
    var ahead = self
    var value: UInt16 = 0
    for _ in 0..<3 {
      let digit = ahead.next &- UInt8(ascii: "0")
      guard digit < 8 else { return byte }
      value = value << 3 | UInt16(digit)
      ahead.step()
    }
    // NUL would end the name early, and nothing the kernel writes is above a byte.
    guard value > 0, value <= UInt16(UInt8.max) else { return byte }
    self = ahead
    return UInt8(value)
  }

  /// Steps over a field of options separated by commas, and the blank behind it. True if `option` is one.
  fileprivate mutating func fieldHasOption(_ option: StaticString) -> Bool {
    var found = false
    while !isAtFieldEnd {
      if skip(prefix: option), isAtFieldEnd || next == UInt8(ascii: ",") { found = true }
      while !isAtFieldEnd, next != UInt8(ascii: ",") { step() }
      _ = skip(UInt8(ascii: ","))
    }
    _ = skip(UInt8(ascii: " "))
    return found
  }
}
