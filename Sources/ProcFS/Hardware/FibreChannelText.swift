/// Texts below `/sys/class/fc_host/*`, of the kernel's drivers/scsi/scsi_transport_fc.c.
public enum FibreChannelText {
  /// A counter: `0x1f`. Nil if it is none, or if its bits are all set: the adapter does not count that.
  public static func counter(_ text: UnsafeRawBufferPointer) -> Int64? {
    // More than an Int64 holds is read as the largest there is.
    AttributeText.integer(text).flatMap { $0 == .max ? nil : $0 }
  }

  /// A name of the fabric's without its `0x`: `0x1000000000000001`.
  public static func name(_ text: String) -> String {
    text.hasPrefix("0x") ? String(text.dropFirst(2)) : text
  }
}
