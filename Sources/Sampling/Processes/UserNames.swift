import ProcFS

/// Names of users by `/etc/passwd` alone. Asking the C library could ask a directory server, which may be
/// far, or gone; who is not in the file is shown as a number.
struct UserNames {
  /// The file, relative to a `ProcRoot`.
  static let path = "etc/passwd"

  private var names: [UInt32: String] = [:]

  /// The names of these users in the file's text: `name:password:uid:…`, a line each.
  init(of users: Set<UInt32>, in text: UnsafeRawBufferPointer) {
    for line in text.split(separator: UInt8(ascii: "\n")) where names.count < users.count {
      let fields = line.split(separator: UInt8(ascii: ":"), maxSplits: 3, omittingEmptySubsequences: false)
      guard fields.count == 4, !fields[0].isEmpty, let user = Self.number(fields[2]), users.contains(user),
        names[user] == nil
      else { continue }
      names[user] = String(decoding: fields[0], as: UTF8.self)
    }
  }

  /// Reads the file below `root`; without it everyone is a number.
  init(of users: Set<UInt32>, root: ProcRoot) {
    var buffer = ReadBuffer()
    let text = try? KernelFile(Self.path, of: root).read(into: &buffer)
    self.init(of: users, in: text ?? UnsafeRawBufferPointer(start: nil, count: 0))
  }

  /// What a user is called.
  subscript(user: UInt32) -> String { names[user] ?? "\(user)" }

  private static func number(_ digits: Slice<UnsafeRawBufferPointer>) -> UInt32? {
    var value: UInt64 = 0
    for byte in digits {
      let digit = byte &- UInt8(ascii: "0")
      guard digit < 10, value <= UInt64(UInt32.max) else { return nil }
      value = value * 10 + UInt64(digit)
    }
    return digits.isEmpty ? nil : UInt32(exactly: value)
  }
}
