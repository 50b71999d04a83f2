/// `/proc/<pid>/cgroup`: which unit, container or machine a process belongs to. See cgroups(7).
///
///     0::/system.slice/nginx.service/workers
public enum ProcessCgroup {
  /// The file's name in the process's folder.
  public static let fileName: StaticString = "/cgroup"

  /// The name of the innermost unit that is no other's part: of a service its name, also for processes in a folder that
  /// the service made for itself; of what a user's manager runs, the unit there. Empty: the process is in none.
  public static func unit(parsing text: UnsafeRawBufferPointer) throws(KernelError) -> String {
    let groups = try OwnCgroup(text)
    // Where systemd keeps its tree: version 2, or a hierarchy of version 1 that is its own.
    guard let path = groups.unified ?? groups.byController["name=systemd"] else { return "" }
    return unit(ofPath: path)
  }

  static func unit(ofPath path: String) -> String {
    var found = ""
    var prefix = ""
    for part in path.split(separator: "/") {
      prefix += "/" + part
      let identity = CgroupIdentity(path: prefix)
      switch identity.kind {
      case .container, .machine: return identity.name
      case .service, .scope:
        found = identity.name
        // A user's manager has units of its own below it.
        if !part.hasPrefix("user@") { return found }
      case .slice, .pod, .group, .passive: break
      }
    }
    return found
  }
}
