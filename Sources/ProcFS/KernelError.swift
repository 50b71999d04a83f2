internal import Glibc

/// Why a kernel file gave no values.
///
/// The cases are the availability states of a source: the kernel has no such file (or its feature is switched
/// off), the file may not be read, or reading or understanding it failed.
public enum KernelError: Error, Hashable, Sendable, CustomStringConvertible {
  /// This kernel does not offer the file (ENOENT, ENODEV, ENXIO, EOPNOTSUPP, ENOSYS).
  case unsupported(path: String, errno: Int32)
  /// The file is there, but not for this user (EACCES, EPERM).
  case denied(path: String, errno: Int32)
  /// Opening or reading failed otherwise.
  case failing(path: String, errno: Int32)
  /// The text is not what the kernel documents: file, line counted from 1, and what is wrong there.
  case malformed(file: String, line: Int, reason: String)
  /// The file is larger than ``ReadBuffer/maximumBytes``.
  case tooLarge(path: String, limit: Int)
  /// A device that is asked by reading has not answered for so long.
  case unanswered(path: String, seconds: Int64)
  /// A folder, a FIFO or a device where a file is expected.
  case notRegular(path: String)
  /// What is to be read is not set.
  case unset(setting: String)

  /// The error of a system call on `path`.
  public init(path: String, errno code: Int32) {
    switch code {
    case ENOENT, ENODEV, ENXIO, EOPNOTSUPP, ENOSYS: self = .unsupported(path: path, errno: code)
    case EACCES, EPERM: self = .denied(path: path, errno: code)
    default: self = .failing(path: path, errno: code)
    }
  }

  /// One sentence for a log line or a status page.
  public var description: String {
    switch self {
    case .unsupported(let path, let code): "\(path): not offered by this kernel (\(text(of: code)))"
    case .denied(let path, let code): "\(path): may not be read (\(text(of: code)))"
    case .failing(let path, let code): "\(path): \(text(of: code))"
    case .malformed(let file, let line, let reason): "\(file):\(line): \(reason)"
    case .tooLarge(let path, let limit): "\(path): larger than \(limit) bytes"
    case .unanswered(let path, let seconds): "\(path): has not answered for \(seconds) s"
    case .notRegular(let path): "\(path): not a regular file"
    case .unset(let setting): "\(setting) is not set"
    }
  }
}

/// The C library's words for an errno, `strerror_r(3)`.
private func text(of code: Int32) -> String {
  withUnsafeTemporaryAllocation(of: CChar.self, capacity: 128) { buffer in
    guard let start = buffer.baseAddress, strerror_r(code, start, buffer.count) == 0 else {
      return "errno \(code)"
    }
    return String(cString: start)
  }
}
