/// `/proc/diskstats`: I/O of each block device. See the kernel's Documentation/admin-guide/iostats.rst.
///
///     254       0 vda 40419 8130 5369954 35855 13185 28223 2167784 8006 0 6640 44175 2048 0 226720 251 1669 61
///
/// Behind major, minor and name stand 11 numbers, 15 since Linux 4.18 (discards), 17 since 5.5 (flushes).
public struct DiskStats {
  /// The file, relative to a ``ProcRoot``.
  public static let path = "proc/diskstats"

  /// More devices than this are an error.
  public static let maximumDevices = 16384

  /// The numbers of a device, in the file's order.
  public enum Column: Int, CaseIterable, Sendable {
    /// Requests completed, requests merged, sectors of 512 bytes, milliseconds: of reads.
    case reads, readsMerged, sectorsRead, readMilliseconds
    /// The same of writes.
    case writes, writesMerged, sectorsWritten, writeMilliseconds
    /// Requests under way now; milliseconds with any under way; the same weighted by how many.
    case inFlight, busyMilliseconds, weightedMilliseconds
    /// As for reads, of discards.
    case discards, discardsMerged, sectorsDiscarded, discardMilliseconds
    /// Flush requests completed, and milliseconds.
    case flushes, flushMilliseconds
  }

  /// One device.
  public struct Device {
    /// The kernel's device number.
    public let major: Int64
    /// The kernel's device number.
    public let minor: Int64
    /// Where the name stands.
    public let name: TextRange
    /// Values per ``Column``.
    public fileprivate(set) var values: InlineArray<17, Int64>
    /// How many of `values` the kernel wrote.
    public fileprivate(set) var count: Int
  }

  /// The devices, in the file's order.
  public private(set) var devices: [Device] = []

  /// Nothing parsed yet.
  public init() {}

  /// Replaces the devices by those of `text`, which may have none. After an error they are incomplete.
  public mutating func parse(_ text: UnsafeRawBufferPointer) throws(KernelError) {
    devices.removeAll(keepingCapacity: true)
    var cursor = Cursor(text)
    var line = 1
    while !cursor.isAtEnd {
      cursor.skipBlanks()
      if !cursor.isAtLineEnd { try parseDevice(&cursor, line) }
      cursor.skipLine()
      line += 1
    }
  }

  private mutating func parseDevice(_ cursor: inout Cursor, _ line: Int) throws(KernelError) {
    guard devices.count < Self.maximumDevices else {
      throw .malformed(file: Self.path, line: line, reason: "more than \(Self.maximumDevices) devices")
    }
    guard let major = cursor.number(), let minor = cursor.number() else {
      throw .malformed(file: Self.path, line: line, reason: "two device numbers are expected")
    }
    var device = Device(
      major: major, minor: minor, name: cursor.word(), values: .init(repeating: 0), count: 0)
    guard let count = cursor.numbers(into: &device.values) else {
      throw .malformed(file: Self.path, line: line, reason: "a number is expected")
    }
    device.count = count
    guard device.count >= 11 else {
      throw .malformed(
        file: Self.path, line: line, reason: "\(device.count) numbers of a device, expected 11 or more")
    }
    devices.append(device)
  }
}
