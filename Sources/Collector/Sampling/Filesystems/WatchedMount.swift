import ProcFS
import Wire

/// A mount that has series, and what it said.
struct WatchedMount {
  /// What a mount's series are, in the order of their ids.
  static let series = [
    SeriesDescriptor("node_filesystem_device_error", kind: .gauge),
    SeriesDescriptor("node_filesystem_size_bytes", kind: .gauge, unit: "bytes"),
    SeriesDescriptor("node_filesystem_free_bytes", kind: .gauge, unit: "bytes"),
    SeriesDescriptor("node_filesystem_avail_bytes", kind: .gauge, unit: "bytes"),
    SeriesDescriptor("node_filesystem_files", kind: .gauge),
    SeriesDescriptor("node_filesystem_files_free", kind: .gauge),
    SeriesDescriptor("node_filesystem_readonly", kind: .gauge),
  ]

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
}

extension FilesystemUsage {
  /// Bytes of so many blocks, `Int64.max` at most.
  fileprivate func bytes(of blocks: Int64) -> Int64 {
    let (bytes, overflow) = blocks.multipliedReportingOverflow(by: blockSize)
    return overflow ? .max : bytes
  }
}
