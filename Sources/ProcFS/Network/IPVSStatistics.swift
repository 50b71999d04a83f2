/// `/proc/net/ip_vs_stats`: what the kernel's load balancer (IPVS) did. See ipvsadm(8), `--stats`.
///
///        Total Incoming Outgoing         Incoming         Outgoing
///        Conns  Packets  Packets            Bytes            Bytes
///     16AA370 E33656E5        0     51D8C8883AB3                0
///
/// Hexadecimal; the rates that follow are left to whoever draws the graphs.
public struct IPVSStatistics {
  /// The file, relative to a ``ProcRoot``.
  public static let path = "proc/net/ip_vs_stats"

  /// Connections, packets in and out, bytes in and out, since the module was loaded or the counters were reset.
  public private(set) var values = InlineArray<5, Int64>(repeating: 0)

  /// Nothing parsed yet.
  public init() {}

  /// Replaces the values by those of `text`. After an error they are incomplete.
  public mutating func parse(_ text: UnsafeRawBufferPointer) throws(KernelError) {
    var cursor = Cursor(text)
    for _ in 1...2 { cursor.skipLine() }
    for index in values.indices {
      guard let value = cursor.hexadecimalNumber() else {
        throw .malformed(file: Self.path, line: 3, reason: "5 hexadecimal numbers are expected")
      }
      values[index] = value
    }
  }
}
