import Glibc

/// Standard output, for what a person or a script asked for.
enum Output {
  /// Writes all of it.
  ///
  /// - Returns: the exit code: a reader that went away, or a full disk, is a failure.
  static func print(_ text: String) -> Int32 { write(Array(text.utf8)) }

  static func write(_ bytes: [UInt8]) -> Int32 {
    bytes.withUnsafeBytes { bytes in
      var rest = bytes[...]
      while !rest.isEmpty {
        let part = UnsafeRawBufferPointer(rebasing: rest)
        let count = Glibc.write(STDOUT_FILENO, part.baseAddress, part.count)
        if count > 0 {
          rest = rest.dropFirst(count)
        } else if errno != EINTR {
          return ExitCode.output
        }
      }
      return ExitCode.ok
    }
  }
}
