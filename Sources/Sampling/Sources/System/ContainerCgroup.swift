import ProcFS

/// The limits of the container that the collector is in.
///
/// The top of the tree at /sys/fs/cgroup is the container's own group where it has a cgroup namespace, or where its
/// engine has mounted just that. Else the tree is the host's, and the container's group is where /proc/self/cgroup
/// says. A group below the top has limits of its own, as a service in a container has; those are not the container's.
struct ContainerCgroup {
  /// Most memory and CPU time; nil: no limit.
  struct Limits: Equatable {
    var memoryBytes: Int64?
    /// Millionths of a CPU.
    var microcores: Int64?
  }

  private static let folder = "sys/fs/cgroup"

  let root: ProcRoot

  /// Whether the top of version 2's tree is not the host's, which alone has no such file.
  func isNamespaced(_ buffer: inout ReadBuffer) -> Bool {
    (try? text("\(Self.folder)/cgroup.events", &buffer)) ?? nil != nil
  }

  /// The limits of now.
  func limits(_ buffer: inout ReadBuffer) throws(KernelError) -> Limits {
    let own = try ownCgroup(&buffer)
    var limits = Limits()
    limits.memoryBytes = try memory(own, &buffer)
    let quota = try quota(own, &buffer)
    let set = try cpuSet(own, &buffer)
    limits.microcores = [quota, set].compactMap { $0 }.min()
    return limits
  }

  private func ownCgroup(_ buffer: inout ReadBuffer) throws(KernelError) -> OwnCgroup {
    guard let text = try text(OwnCgroup.path, &buffer) else { return OwnCgroup() }
    return try OwnCgroup(text)
  }

  private func memory(_ own: OwnCgroup, _ buffer: inout ReadBuffer) throws(KernelError) -> Int64? {
    if let file = try unified("memory.max", own, &buffer) {
      return try CgroupCeilings.bytes(file.text, path: file.path)
    }
    for folder in folders("memory", own) {
      let path = "\(folder)/memory.limit_in_bytes"
      guard let text = try text(path, &buffer) else { continue }
      if let bytes = try CgroupCeilings.bytes(text, path: path) { return bytes }
    }
    return nil
  }

  private func quota(_ own: OwnCgroup, _ buffer: inout ReadBuffer) throws(KernelError) -> Int64? {
    if let file = try unified("cpu.max", own, &buffer) {
      return try CgroupCeilings.microcores(file.text, path: file.path)
    }
    for folder in folders("cpu", own) {
      let quota = try text("\(folder)/cpu.cfs_quota_us", &buffer).flatMap(AttributeText.integer)
      let period = try text("\(folder)/cpu.cfs_period_us", &buffer).flatMap(AttributeText.integer)
      guard let quota, let period else { continue }
      if let limit = CgroupCeilings.microcores(quota: quota, period: period) { return limit }
    }
    return nil
  }

  /// The CPUs of the set, if they are fewer than there are.
  private func cpuSet(_ own: OwnCgroup, _ buffer: inout ReadBuffer) throws(KernelError) -> Int64? {
    var set: CPUList?
    if let file = try unified("cpuset.cpus.effective", own, &buffer) {
      set = try CPUList(file.text, path: file.path)
    }
    for folder in folders("cpuset", own).reversed() where set == nil {
      let path = "\(folder)/cpuset.effective_cpus"
      if let text = try text(path, &buffer) { set = try CPUList(text, path: path) }
    }
    guard let set, let present = try? CPUFolder.list("present", of: root, reading: &buffer),
      !set.numbers.isEmpty, set.numbers.count < present.numbers.count
    else { return nil }
    return Int64(set.numbers.count) * 1_000_000
  }

  /// A file of version 2, of the container's group. Nil if there is none.
  private func unified(
    _ name: String, _ own: OwnCgroup, _ buffer: inout ReadBuffer
  ) throws(KernelError) -> (text: UnsafeRawBufferPointer, path: String)? {
    let group = isNamespaced(&buffer) ? "/" : own.unified ?? "/"
    let path = Self.folder + (group == "/" ? "" : group) + "/" + name
    return try text(path, &buffer).map { ($0, path) }
  }

  /// Where a controller of version 1 may have the container's files: the top, and the own group's folder.
  private func folders(_ controller: String, _ own: OwnCgroup) -> [String] {
    let top = "\(Self.folder)/\(controller)"
    guard let group = own.byController[controller], group != "/" else { return [top] }
    return [top, top + group]
  }

  /// A file's text; nil if there is no such file.
  private func text(
    _ path: String, _ buffer: inout ReadBuffer
  ) throws(KernelError) -> UnsafeRawBufferPointer? {
    do {
      return try KernelFile(path, of: root, isKept: false).read(into: &buffer)
    } catch .unsupported {
      return nil
    }
  }
}
