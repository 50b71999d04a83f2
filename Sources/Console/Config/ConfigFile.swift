import Glibc
import Wire

/// A config document as it is typed on the command line: a file, or `-` for standard input.
struct ConfigFile {
  /// What errors call it.
  let name: String
  /// The YAML.
  let text: String

  /// Reads it whole. Fails when there is none, when it is too large, and when it is no text.
  init(reading path: String) throws(CommandFailure) {
    name = path == "-" ? "standard input" : path
    let descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Self.unreadable(name) }
    defer { if path != "-" { close(descriptor) } }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 16_384)
    // One byte more than allowed is enough to know.
    while bytes.count <= MessageLimits.yamlBytes {
      let count = read(descriptor, &buffer, buffer.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw Self.unreadable(name) }
      if count == 0 { break }
      bytes += buffer[..<count]
    }
    guard bytes.count <= MessageLimits.yamlBytes else {
      throw CommandFailure(.usage, "\(name.printable): a config has at most \(MessageLimits.yamlBytes) bytes")
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw CommandFailure(.usage, "\(name.printable): this is no UTF-8 text")
    }
    self.text = text
  }

  private static func unreadable(_ name: String) -> CommandFailure {
    CommandFailure(.usage, "\(name.printable): cannot be read: \(String(cString: strerror(errno)))")
  }
}
