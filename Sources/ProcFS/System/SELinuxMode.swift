/// How strict SELinux is: what `getenforce(8)` says, and what `/etc/selinux/config` asks for.
public enum SELinuxMode: Int64, Sendable {
  /// No rules; nothing but warnings; rules. The numbers are SELinux' own.
  case disabled = -1, permissive, enforcing

  /// The mode now, relative to a ``ProcRoot``; the folder it is in is there where SELinux is on.
  public static let currentPath = "sys/fs/selinux/enforce"
  /// What it is to be at the next boot, relative to a ``ProcRoot``. See selinux_config(5).
  public static let configPath = "etc/selinux/config"

  /// The mode now, of the file's text: 0 or 1.
  public init(current text: UnsafeRawBufferPointer) throws(KernelError) {
    guard let number = AttributeText.integer(text), number >= 0, let mode = SELinuxMode(rawValue: number)
    else {
      throw .malformed(file: Self.currentPath, line: 1, reason: "0 or 1 is expected")
    }
    self = mode
  }

  /// What the line `SELINUX=` asks for; nil if there is none, or it says nothing known.
  public init?(config text: UnsafeRawBufferPointer) {
    let words: [String: SELinuxMode] = [
      "disabled": .disabled, "permissive": .permissive, "enforcing": .enforcing,
    ]
    for line in text.split(separator: UInt8(ascii: "\n")) where line.starts(with: "SELINUX=".utf8) {
      let value = AttributeText.string(
        UnsafeRawBufferPointer(rebasing: line.dropFirst("SELINUX=".utf8.count)))
      if let mode = words[value.lowercased()] {
        self = mode
        return
      }
    }
    return nil
  }
}
