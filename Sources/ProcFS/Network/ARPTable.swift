/// `/proc/net/arp`: neighbours of each interface. See arp(7), proc_pid_net(5).
///
///     IP address       HW type     Flags       HW address            Mask     Device
///     192.0.2.1        0x1         0x2         02:fc:00:00:00:05     *        eth0
///
/// There may be many lines, in no order. They are only counted.
public struct ARPTable {
  /// The file, relative to a ``ProcRoot``.
  public static let path = "proc/net/arp"

  /// More interfaces than this are an error.
  public static let maximumDevices = NetDev.maximumInterfaces

  /// An interface that has neighbours.
  public struct Device {
    /// Where its name stands first.
    public let name: TextRange
    /// How many there are.
    public fileprivate(set) var entries: Int64
  }

  /// The interfaces, in the order the file first names them.
  public private(set) var devices: [Device] = []
  /// Their places by name.
  private var places: [InterfaceName: Int] = [:]

  /// Nothing parsed yet.
  public init() {}

  /// Replaces the interfaces by those of `text`, which may have none. After an error they are incomplete.
  public mutating func parse(_ text: UnsafeRawBufferPointer) throws(KernelError) {
    devices.removeAll(keepingCapacity: true)
    places.removeAll(keepingCapacity: true)
    var cursor = Cursor(text)
    if cursor.isAtEnd { throw malformed(1, "a heading is expected") }
    cursor.skipLine()
    var line = 2
    while !cursor.isAtEnd {
      cursor.skipBlanks()
      if !cursor.isAtLineEnd { try parseEntry(&cursor, text, line) }
      cursor.skipLine()
      line += 1
    }
  }

  private mutating func parseEntry(
    _ cursor: inout Cursor, _ text: UnsafeRawBufferPointer, _ line: Int
  ) throws(KernelError) {
    for _ in 0..<5 { _ = cursor.word() }
    let range = cursor.word()
    guard let name = InterfaceName(range.bytes(in: text)) else {
      throw malformed(line, "an interface is expected in the sixth column")
    }
    if let place = places[name] {
      devices[place].entries += 1
      return
    }
    guard devices.count < Self.maximumDevices else {
      throw malformed(line, "more than \(Self.maximumDevices) interfaces")
    }
    places[name] = devices.count
    devices.append(Device(name: range, entries: 1))
  }

  private func malformed(_ line: Int, _ reason: String) -> KernelError {
    .malformed(file: Self.path, line: line, reason: reason)
  }
}

/// The name of an interface, 15 bytes at most (`IFNAMSIZ` counts the zero behind it): a key that needs no memory.
private struct InterfaceName: Hashable {
  private var head: UInt64 = 0
  private var tail: UInt64 = 0

  init?(_ bytes: UnsafeRawBufferPointer) {
    guard (1...15).contains(bytes.count) else { return nil }
    for byte in bytes.prefix(8) { head = head << 8 | UInt64(byte) }
    for byte in bytes.dropFirst(8) { tail = tail << 8 | UInt64(byte) }
  }
}
