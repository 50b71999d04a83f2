/// `/proc/net/dev`: traffic of each network interface. See proc_pid_net(5).
///
///     Inter-|   Receive                                                |  Transmit
///      face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs ...
///       eth0: 45322607    1073    0    0    0     0          0         0    57384     702    0 ...
///
/// Older kernels write no blank behind the colon. An alias has a colon in its name, `eth0:1`, so the name ends
/// at the line's last one.
public struct NetDev {
  /// The file, relative to a ``ProcRoot``. It shows the network namespace of who opens it.
  public static let path = "proc/net/dev"

  /// More interfaces than this are an error.
  public static let maximumInterfaces = 16384

  /// The numbers of an interface, in the file's order.
  public enum Column: Int, CaseIterable, Sendable {
    /// Of what was received.
    case receivedBytes, receivedPackets, receiveErrors, receiveDrops
    /// Of what was received.
    case receiveFifo, receiveFrame, receivedCompressed, receivedMulticast
    /// Of what was sent.
    case sentBytes, sentPackets, sendErrors, sendDrops
    /// Of what was sent.
    case sendFifo, sendCollisions, sendCarrier, sentCompressed
  }

  /// One interface.
  public struct Interface {
    /// Where the name stands.
    public let name: TextRange
    /// Values per ``Column``.
    public fileprivate(set) var values: InlineArray<16, Int64>
  }

  /// The interfaces, in the file's order.
  public private(set) var interfaces: [Interface] = []

  /// Nothing parsed yet.
  public init() {}

  /// Replaces the interfaces by those of `text`. After an error they are incomplete.
  public mutating func parse(_ text: UnsafeRawBufferPointer) throws(KernelError) {
    interfaces.removeAll(keepingCapacity: true)
    var cursor = Cursor(text)
    // Two lines of headings, which the kernel writes even where there is no interface.
    for line in 1...2 {
      if cursor.isAtEnd { throw .malformed(file: Self.path, line: line, reason: "two headings are expected") }
      cursor.skipLine()
    }
    var line = 3
    while !cursor.isAtEnd {
      cursor.skipBlanks()
      if !cursor.isAtLineEnd { try parseInterface(&cursor, line) }
      cursor.skipLine()
      line += 1
    }
  }

  private mutating func parseInterface(
    _ cursor: inout Cursor, _ line: Int
  ) throws(KernelError) {
    guard interfaces.count < Self.maximumInterfaces else {
      throw .malformed(file: Self.path, line: line, reason: "more than \(Self.maximumInterfaces) interfaces")
    }
    guard let name = cursor.wordBeforeLastColon(), name.count > 0 else {
      throw .malformed(file: Self.path, line: line, reason: "a name and a colon are expected")
    }
    var interface = Interface(name: name, values: .init(repeating: 0))
    guard cursor.numbers(into: &interface.values) == interface.values.count else {
      throw .malformed(file: Self.path, line: line, reason: "16 numbers are expected behind the name")
    }
    interfaces.append(interface)
  }
}
