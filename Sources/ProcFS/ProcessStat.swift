/// `/proc/<pid>/stat`: what a process uses. See proc_pid_stat(5).
///
///     14102 (cat) R 14096 14096 10208 0 -1 4194304 100 0 0 0 7 3 0 0 20 0 1 0 1135928 3133440 362 …
///     pid (comm) state ppid pgrp session tty_nr tpgid flags, 4 numbers, utime stime cutime cstime priority nice
///     threads itrealvalue starttime vsize rss
///
/// The name is whatever the process calls itself, parentheses, blanks and newlines included: it ends at the
/// text's last `)`.
public struct ProcessStat: Hashable, Sendable {
  /// The file's name in the process's folder.
  public static let fileName: StaticString = "/stat"

  /// Where the name stands.
  public private(set) var name: TextRange
  /// R, S, D, Z, … of proc(5).
  public private(set) var state: UInt8
  /// Whether it is a thread of the kernel: PF_KTHREAD of include/linux/sched.h.
  public private(set) var isKernelThread: Bool
  /// Time on CPUs in user and in kernel mode, in ticks.
  public private(set) var cpuTicks: Int64
  /// How many threads it has.
  public private(set) var threads: Int64
  /// When it started: ticks since the system's boot.
  public private(set) var startTicks: Int64
  /// Pages of memory that it has in RAM.
  public private(set) var residentPages: Int64

  /// Reads the file's text.
  public init(parsing text: UnsafeRawBufferPointer) throws(KernelError) {
    guard let open = text.firstIndex(of: UInt8(ascii: "(")),
      let close = text.lastIndex(of: UInt8(ascii: ")")), open < close
    else { throw Self.malformed("a name in parentheses is expected") }
    name = TextRange(offset: open + 1, count: close - open - 1)
    var cursor = Cursor(UnsafeRawBufferPointer(rebasing: text[(close + 1)...]))
    let word = cursor.word()
    guard word.count == 1 else { throw Self.malformed("a state is expected behind the name") }
    state = text[close + 1 + word.offset]
    cursor.skipWords(5)
    guard let flags = cursor.number() else { throw Self.malformed("a number is expected as field 9") }
    isKernelThread = flags & 0x0020_0000 != 0
    cursor.skipWords(4)
    guard let user = cursor.number(), let system = cursor.number() else {
      throw Self.malformed("two times are expected as fields 14 and 15")
    }
    cpuTicks = user &+ system < 0 ? .max : user &+ system
    cursor.skipWords(4)
    guard let threads = cursor.number() else { throw Self.malformed("a number is expected as field 20") }
    self.threads = threads
    cursor.skipWords(1)
    guard let start = cursor.number() else { throw Self.malformed("a number is expected as field 22") }
    startTicks = start
    cursor.skipWords(1)
    guard let pages = cursor.number() else { throw Self.malformed("a number is expected as field 24") }
    residentPages = pages
  }

  private static func malformed(_ reason: String) -> KernelError {
    .malformed(file: "proc/<pid>/stat", line: 1, reason: reason)
  }
}

extension Cursor {
  /// Steps over words whose content does not matter; some of them are negative numbers.
  fileprivate mutating func skipWords(_ count: Int) {
    for _ in 0..<count { _ = word() }
  }
}
