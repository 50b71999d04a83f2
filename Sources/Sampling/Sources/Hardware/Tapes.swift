import ProcFS

/// `/sys/class/scsi_tape/st*/stats`: what went to tape drives and came from them. Documentation/scsi/st.rst
enum Tapes {
  static let attributes: [DeviceFolderSource.Attribute] = [
    .number("stats/in_flight", .gauge("node_tape_io_now", "Requests under way.", labels: ["device"])),
    counter(
      "io_ns", "io_time_seconds_total", "Time spent waiting for the drive, with winding.", 1_000_000_000),
    counter("other_cnt", "io_others_total", "Requests other than to read or write."),
    counter("read_byte_cnt", "read_bytes_total", "Bytes read."),
    counter("read_cnt", "reads_completed_total", "Reads."),
    counter("read_ns", "read_time_seconds_total", "Time spent waiting for reads.", 1_000_000_000),
    counter("resid_cnt", "residual_total", "Reads and writes that moved less than was asked for."),
    counter("write_byte_cnt", "written_bytes_total", "Bytes written."),
    counter("write_cnt", "writes_completed_total", "Writes."),
    counter("write_ns", "write_time_seconds_total", "Time spent waiting for writes.", 1_000_000_000),
  ]

  private static func counter(
    _ file: String, _ name: String, _ help: String, _ divisor: UInt32 = 1
  ) -> DeviceFolderSource.Attribute {
    .number("stats/\(file)", .counter("node_tape_\(name)", help, labels: ["device"], divisor: divisor))
  }

  /// A drive has more names than one: `nst0`, `st0a`; this is the one of its own.
  static func isDrive(_ name: String) -> Bool {
    name.hasPrefix("st") && name.count > 2 && name.dropFirst(2).allSatisfy { ("0"..."9").contains($0) }
  }

  static func source(root: ProcRoot) -> DeviceFolderSource {
    DeviceFolderSource(root: root, folder: "sys/class/scsi_tape", isDevice: isDrive, attributes: attributes)
  }
}
