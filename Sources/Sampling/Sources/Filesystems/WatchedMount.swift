import ProcFS
import Wire

/// A mount that has series, and what it said.
struct WatchedMount {
  /// What a mount's series are, in the order of their ids.
  static let metrics = [
    metric(
      "device_error",
      "1 if the file system does not answer, or answers with an error; its other series are absent."),
    metric("size_bytes", "Its size."),
    metric("free_bytes", "What is free."),
    metric("avail_bytes", "What is free for users other than root."),
    metric("files", "How many inodes it has."),
    metric("files_free", "How many of them are free."),
    metric("readonly", "Whether it is mounted read-only, also after an error."),
  ]

  private static func metric(_ name: String, _ help: String) -> Metric {
    .gauge("node_filesystem_" + name, help, labels: ["device", "fstype", "mountpoint"])
  }

  /// Where it is mounted.
  let point: String
  /// Where that is from here, as the C library wants it.
  let path: [CChar]
  var isReadOnly = false
  /// What it said when it was asked directly.
  var answer: Result<FilesystemUsage, SystemCallError>?
  /// Asks it on another thread; nil if it is asked directly.
  var probe: MountProbe?

  private let first: Int

  /// A mount whose first series has the id `first`.
  init(point: String, path: String, first: Int) {
    self.point = point
    self.path = Array(path.utf8CString)
    self.first = first
  }

  /// Sets its series. Without an answer they are absent; of one that is stuck or answers with an error
  /// there is only that.
  func show(_ reading: MountProbe.Reading, in table: inout SampleTable) {
    switch reading {
    case .answer(nil): break
    case .stuck, .answer(.failure): table.set(first, 1)
    case .answer(.success(let usage)):
      table.set(first, 0)
      table.set(first + 1, usage.bytes(of: usage.blocks))
      table.set(first + 2, usage.bytes(of: usage.freeBlocks))
      table.set(first + 3, usage.bytes(of: usage.availableBlocks))
      table.set(first + 4, usage.files)
      table.set(first + 5, usage.freeFiles)
      table.set(first + 6, isReadOnly ? 1 : 0)
    }
  }
}

/// A mount whose file system has not answered in time.
public struct StuckMount: Hashable, Sendable {
  /// Where it is mounted.
  public let point: String
  /// Since when it is being waited for, by the sampler's clock.
  public let sinceNanoseconds: Int64

  /// A mount that does not answer.
  public init(point: String, sinceNanoseconds: Int64) {
    self.point = point
    self.sinceNanoseconds = sinceNanoseconds
  }
}

extension FilesystemUsage {
  /// Bytes of so many blocks, `Int64.max` at most.
  fileprivate func bytes(of blocks: Int64) -> Int64 {
    let (bytes, overflow) = blocks.multipliedReportingOverflow(by: blockSize)
    return overflow ? .max : bytes
  }
}
