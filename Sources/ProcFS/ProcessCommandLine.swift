/// `/proc/<pid>/cmdline`: the arguments a process was started with, each followed by a NUL; nothing for
/// threads of the kernel and for the dead. Processes may write there what they like.
public enum ProcessCommandLine {
  /// The file's name in the process's folder.
  public static let fileName: StaticString = "/cmdline"

  /// The text without the NULs behind the last argument.
  public static func arguments(_ text: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    var count = text.count
    while count > 0, text[count - 1] == 0 { count -= 1 }
    return UnsafeRawBufferPointer(rebasing: text[..<count])
  }
}
