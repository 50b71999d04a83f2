import Glibc

/// Reads a settings file, bounded.
enum SettingsFile {
  static func read(_ path: String) throws(SettingsError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw unreadable(path, errno) }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    // One byte more than allowed, so that "too large" is noticed without trusting st_size
    // (a pipe has none).
    while bytes.count <= SettingsLimits.maximumFileBytes {
      let count = try readChunk(descriptor, into: &bytes, path: path)
      if count == 0 { return bytes }
    }
    throw SettingsError(
      file: path, message: "is larger than \(ByteSize.text(SettingsLimits.maximumFileBytes))")
  }

  private static func readChunk(
    _ descriptor: Int32, into bytes: inout [UInt8], path: String
  ) throws(SettingsError) -> Int {
    let chunk = 16 * 1024
    let start = bytes.count
    bytes.append(contentsOf: repeatElement(0, count: chunk))
    var count: Int
    repeat {
      count = bytes.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress! + start, chunk) }
    } while count < 0 && errno == EINTR
    let failure = errno
    bytes.removeLast(chunk - max(count, 0))
    guard count >= 0 else { throw unreadable(path, failure) }
    return count
  }

  private static func unreadable(_ path: String, _ number: Int32) -> SettingsError {
    SettingsError(file: path, message: "cannot be read: \(String(cString: strerror(number)))")
  }
}
