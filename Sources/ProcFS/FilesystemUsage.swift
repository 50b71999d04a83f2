internal import Glibc

/// How full a file system is, of `statvfs(3)`.
public struct FilesystemUsage: Hashable, Sendable {
  /// Bytes in a block: `f_bsize`, which is what the kernel counts blocks in, and node_exporter multiplies by.
  public var blockSize: Int64
  /// Blocks in all.
  public var blocks: Int64
  /// Blocks that are free.
  public var freeBlocks: Int64
  /// Blocks that are free for who is not root.
  public var availableBlocks: Int64
  /// Inodes in all; 0 where a file system makes them as needed.
  public var files: Int64
  /// Inodes that are free.
  public var freeFiles: Int64

  /// The usage of known numbers.
  public init(
    blockSize: Int64, blocks: Int64, freeBlocks: Int64, availableBlocks: Int64, files: Int64, freeFiles: Int64
  ) {
    self.blockSize = blockSize
    self.blocks = blocks
    self.freeBlocks = freeBlocks
    self.availableBlocks = availableBlocks
    self.files = files
    self.freeFiles = freeFiles
  }

  /// Asks the kernel about the file system at `path`.
  ///
  /// The call lasts as long as the file system takes to answer: for ever, if it lies on a server that is gone.
  /// The error is an errno of `statvfs(3)`.
  public static func read(at path: UnsafePointer<CChar>) -> Result<FilesystemUsage, SystemCallError> {
    var answer = statvfs()
    while statvfs(path, &answer) != 0 {
      let code = errno
      if code != EINTR { return .failure(SystemCallError(code)) }
    }
    return .success(
      FilesystemUsage(
        blockSize: Int64(clamping: answer.f_bsize), blocks: Int64(clamping: answer.f_blocks),
        freeBlocks: Int64(clamping: answer.f_bfree), availableBlocks: Int64(clamping: answer.f_bavail),
        files: Int64(clamping: answer.f_files), freeFiles: Int64(clamping: answer.f_ffree)))
  }
}

/// The errno of a system call that failed.
public struct SystemCallError: Error, Hashable, Sendable {
  /// The errno.
  public let code: Int32

  /// The error of an errno.
  public init(_ code: Int32) {
    self.code = code
  }

  /// The kernel has no such call: ENOSYS.
  public static let notOffered = SystemCallError(ENOSYS)
}
