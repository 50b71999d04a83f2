/// Files of numbers whose names come in groups, a protocol each, and differ from kernel to kernel. See
/// proc_pid_net(5), Documentation/networking/snmp_counter.rst and RFC 1213, 2011, 2863.
///
/// A running kernel writes the same names in the same order each time, so that they are learned once;
/// ``layout`` says when they changed.
public struct GroupedValues {
  /// How a file tells groups, names and numbers.
  public enum Form: Sendable {
    /// A line of names, and a line of numbers: `/proc/net/snmp`, `/proc/net/netstat`.
    ///
    ///     Tcp: RtoAlgorithm RtoMin RtoMax MaxConn ActiveOpens
    ///     Tcp: 1 200 120000 -1 2988717
    case headings
    /// Each name followed by its number: `/proc/net/sockstat`, `/proc/net/sockstat6`.
    ///
    ///     TCP: inuse 4 orphan 0 tw 1 alloc 4 mem 271
    case pairs
    /// A line for each number, the group ending with the first 6 of the name: `/proc/net/snmp6`.
    ///
    ///     Icmp6InMsgs                     	5
    case lines
  }

  /// IPv4, ICMP, TCP and UDP, relative to a ``ProcRoot``.
  public static let snmpPath = "proc/net/snmp"
  /// What Linux counts of TCP and IP beyond that.
  public static let netstatPath = "proc/net/netstat"
  /// IPv6, ICMPv6 and UDP over IPv6.
  public static let snmp6Path = "proc/net/snmp6"
  /// Sockets of IPv4.
  public static let sockstatPath = "proc/net/sockstat"
  /// Sockets of IPv6.
  public static let sockstat6Path = "proc/net/sockstat6"

  /// More numbers than this are an error; kernels write fewer than 400 into a file.
  public static let maximumValues = 4096

  /// The names, `Tcp_MaxConn`, in the file's order.
  public internal(set) var names: [String] = []
  /// Another number whenever the names or their order have changed.
  public private(set) var layout = 0
  /// The numbers, by the place of their names.
  public var values: [Int64] { numbers.values }

  var numbers = LearnedNumbers()
  private let path: String
  private let form: Form

  /// Nothing parsed yet. `path` is for errors.
  public init(path: String, form: Form) {
    self.path = path
    self.form = form
  }

  /// Replaces the numbers, and the names if need be, by those of `text`. After an error there are none.
  public mutating func parse(_ text: UnsafeRawBufferPointer) throws(KernelError) {
    if names.isEmpty || !numbers.update(from: text) { try learn(text) }
  }

  private mutating func learn(_ text: UnsafeRawBufferPointer) throws(KernelError) {
    layout += 1
    names.removeAll()
    numbers.removeAll()
    do {
      try learnGroups(text)
    } catch {
      names.removeAll()
      throw error
    }
  }

  private mutating func learnGroups(_ text: UnsafeRawBufferPointer) throws(KernelError) {
    var cursor = Cursor(text)
    var line = 1
    while !cursor.isAtEnd {
      cursor.skipBlanks()
      if !cursor.isAtLineEnd {
        switch form {
        case .headings: try learnHeadings(&cursor, text, &line)
        case .pairs: try learnPairs(&cursor, text, line)
        case .lines: try learnLine(&cursor, text, line)
        }
      }
      cursor.skipLine()
      line += 1
    }
    if names.isEmpty { throw malformed(line, "no values") }
  }

  /// The group that a line starts with.
  func group(_ cursor: inout Cursor, _ text: UnsafeRawBufferPointer, _ line: Int) throws(KernelError)
    -> String
  {
    let word = cursor.word().bytes(in: text)
    guard word.count > 1, word.last == UInt8(ascii: ":") else {
      throw malformed(line, "a name and a colon are expected")
    }
    return String(decoding: word.dropLast(), as: UTF8.self)
  }

  mutating func add(_ name: String, _ line: Int) throws(KernelError) {
    guard names.count < Self.maximumValues else {
      throw malformed(line, "more than \(Self.maximumValues) values")
    }
    names.append(name)
  }

  func malformed(_ line: Int, _ reason: String) -> KernelError {
    .malformed(file: path, line: line, reason: reason)
  }
}
