internal import Glibc

/// The ids of all processes, a few at a time: on a host with many, listing `/proc` takes tens of milliseconds.
///
/// A process that starts or ends meanwhile may be listed or not.
public struct ProcessListing: ~Copyable {
  private let directory: OpaquePointer

  /// Starts listing the processes below `root`.
  init(root: ProcRoot) throws(KernelError) {
    let path = root.path(of: "proc")
    guard let directory = opendir(path) else { throw KernelError(path: path, errno: errno) }
    self.directory = directory
  }

  deinit { closedir(directory) }

  /// Hands out the ids among the next `entries` names of the folder; false: that were all.
  public func next(entries: Int, _ body: (UInt32) -> Void) -> Bool {
    for _ in 0..<entries {
      guard let entry = readdir(directory) else { return false }
      let name = UnsafeRawPointer(entry) + MemoryLayout<dirent>.offset(of: \dirent.d_name).unsafelyUnwrapped
      if let pid = Self.pid(name.assumingMemoryBound(to: UInt8.self)) { body(pid) }
    }
    return true
  }

  /// The number that a name is, if it is one.
  private static func pid(_ name: UnsafePointer<UInt8>) -> UInt32? {
    var value: UInt32 = 0
    var position = name
    while position.pointee != 0 {
      let digit = position.pointee &- UInt8(ascii: "0")
      guard digit < 10, value <= 100_000_000 else { return nil }
      value = value * 10 + UInt32(digit)
      position += 1
    }
    return value == 0 ? nil : value
  }
}
