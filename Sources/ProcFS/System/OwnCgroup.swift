/// `/proc/self/cgroup`: where this process is in the kernel's groups. See cgroups(7).
///
///     4:memory:/docker/0123456789ab         of version 1, a line for each hierarchy
///     2:cpu,cpuacct:/docker/0123456789ab
///     0::/system.slice/example.service      of version 2
///
/// In a cgroup namespace, as most containers have one, the paths start at the namespace's own root.
public struct OwnCgroup: Hashable, Sendable {
  /// The file, relative to a ``ProcRoot``.
  public static let path = "proc/self/cgroup"

  /// More lines than this are an error; kernels have 15 hierarchies at most.
  public static let maximumLines = 256

  /// The path in the hierarchy of version 2; nil if there is none.
  public private(set) var unified: String?
  /// The paths in hierarchies of version 1, by controller.
  public private(set) var byController: [String: String] = [:]

  /// Nothing parsed yet.
  public init() {}

  /// The groups that `text` names.
  public init(_ text: UnsafeRawBufferPointer) throws(KernelError) {
    let lines = text.split(separator: UInt8(ascii: "\n"))
    for (index, line) in lines.enumerated() {
      let fields = line.split(separator: UInt8(ascii: ":"), maxSplits: 2, omittingEmptySubsequences: false)
      guard index < Self.maximumLines, fields.count == 3, fields[2].first == UInt8(ascii: "/") else {
        throw .malformed(
          file: Self.path, line: index + 1,
          reason: "id:controllers:/path is expected, \(Self.maximumLines) lines at most")
      }
      let path = String(decoding: fields[2], as: UTF8.self)
      if fields[1].isEmpty { unified = path }
      for controller in fields[1].split(separator: UInt8(ascii: ",")) {
        byController[String(decoding: controller, as: UTF8.self)] = path
      }
    }
  }
}
