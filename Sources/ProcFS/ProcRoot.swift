/// Where the kernel's file trees are mounted.
///
/// Every path of this module is relative to a root: `/` on a host, the mount point of the host's `/` in a
/// container, a fixture tree in tests. Relative names are written without a leading slash: `proc/stat`.
public struct ProcRoot: Hashable, Sendable {
  /// The root, without a trailing slash; empty for `/` itself.
  private let prefix: String

  /// A root at `path`, `/` unless told otherwise.
  public init(path: String = "/") {
    var prefix = Substring(path)
    while prefix.last == "/" { prefix.removeLast() }
    self.prefix = String(prefix)
  }

  /// Whether it is `/` itself, so that the files tell of the same machine and namespaces as system calls do.
  public var isOwn: Bool { prefix.isEmpty }

  /// The absolute path of a file below the root. `name` may start with a slash: a mount point, say.
  public func path(of name: String) -> String {
    if name.hasPrefix("/") { return prefix + name }
    return prefix + "/" + name
  }
}
