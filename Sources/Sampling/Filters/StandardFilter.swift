/// The default filters: node_exporter's, written out, with the regular expression each stands for above it; and one
/// of our own.
public enum StandardFilter: Hashable, Sendable {
  /// Keeps every name.
  case everything
  /// Leaves out `^(z?ram|loop|fd|(h|s|v|xv)d[a-z]|nvme\d+n\d+p)\d+$`: memory, loop devices, partitions.
  case diskDevices
  /// Leaves out
  /// `^/(dev|proc|run/credentials/.+|sys|var/lib/docker/.+|var/lib/containers/storage/.+)($|/)`.
  case mountPoints
  /// Leaves out types that have no space of their own.
  case filesystemTypes
  /// Keeps `^(oom_kill|pgpg|pswp|pg.*fault).*`.
  case vmstatFields
  /// Keeps `^(.*_(InErrors|InErrs)|Ip_Forwarding|Ip(6|Ext)_(InOctets|OutOctets)|Icmp6?_(InMsgs|OutMsgs)|`
  /// `TcpExt_(Listen.*|Syncookies.*|TCPSynRetrans|TCPTimeouts)|`
  /// `Tcp_(ActiveOpens|InSegs|OutSegs|OutRsts|PassiveOpens|RetransSegs|CurrEstab)|`
  /// `Udp6?_(InDatagrams|OutDatagrams|NoPorts|RcvbufErrors|SndbufErrors))$`.
  case netstatFields
  /// Leaves out the host's ends of containers' interfaces: `veth*`, `cali*`, `lxc*` but not `lxcbr*`, `eni*`, `azv*`,
  /// `gke*`. Their traffic is summed per pattern. node_exporter shows each.
  case networkInterfaces
  /// Leaves out `^.+\.(automount|device|mount|scope|slice)$`.
  case systemdUnits

  func keeps(_ name: UnsafeRawBufferPointer) -> Bool {
    switch self {
    case .everything: true
    case .diskDevices: !isMinorDisk(name)
    case .mountPoints: !isSystemMount(name)
    case .filesystemTypes: !spacelessTypes.contains(String(decoding: name, as: UTF8.self))
    case .vmstatFields: isPagingCounter(name)
    case .netstatFields: Self.isCommonNetstatField(name)
    case .networkInterfaces: InterfaceGroup(name) == nil
    case .systemdUnits: !isUnitWithoutProgram(name)
    }
  }
}

private let spacelessTypes: Set<String> = [
  "autofs", "binfmt_misc", "bpf", "cgroup", "cgroup2", "configfs", "debugfs", "devpts", "devtmpfs",
  "fusectl", "hugetlbfs", "iso9660", "mqueue", "nsfs", "overlay", "proc", "procfs", "pstore", "rpc_pipefs",
  "securityfs", "selinuxfs", "squashfs", "sysfs", "tracefs",
]

private func isMinorDisk(_ name: UnsafeRawBufferPointer) -> Bool {
  let stem = name.droppingDigits()
  guard stem.count < name.count else { return false }
  for whole in ["ram", "zram", "loop", "fd"] where stem.elementsEqual(whole.utf8) { return true }
  for disk in ["hd", "sd", "vd", "xvd"] where stem.starts(with: disk.utf8) {
    if stem.count == disk.utf8.count + 1, let letter = stem.last, isLowercase(letter) { return true }
  }
  return isPartitionStem(stem)
}

/// `nvme\d+n\d+p`, read from the end.
private func isPartitionStem(_ stem: UnsafeRawBufferPointer) -> Bool {
  guard stem.last == UInt8(ascii: "p") else { return false }
  let namespace = UnsafeRawBufferPointer(rebasing: stem.dropLast())
  let controller = namespace.droppingDigits()
  guard controller.count < namespace.count, controller.last == UInt8(ascii: "n") else { return false }
  let digits = UnsafeRawBufferPointer(rebasing: controller.dropLast())
  let prefix = digits.droppingDigits()
  return prefix.count < digits.count && prefix.elementsEqual("nvme".utf8)
}

private func isSystemMount(_ point: UnsafeRawBufferPointer) -> Bool {
  for folder in ["/dev", "/proc", "/sys"] where point.starts(with: folder.utf8) {
    if point.count == folder.utf8.count || point[folder.utf8.count] == UInt8(ascii: "/") { return true }
  }
  for parent in ["/run/credentials/", "/var/lib/docker/", "/var/lib/containers/storage/"]
  where point.starts(with: parent.utf8) && point.count > parent.utf8.count {
    return true
  }
  return false
}

private func isPagingCounter(_ name: UnsafeRawBufferPointer) -> Bool {
  for prefix in ["oom_kill", "pgpg", "pswp"] where name.starts(with: prefix.utf8) { return true }
  guard name.starts(with: "pg".utf8) else { return false }
  return name.indices.dropFirst(2).contains { name[$0...].starts(with: "fault".utf8) }
}

private func isUnitWithoutProgram(_ name: UnsafeRawBufferPointer) -> Bool {
  guard let dot = name.lastIndex(of: UInt8(ascii: ".")), dot > 0 else { return false }
  let type = name[(dot + 1)...]
  return ["automount", "device", "mount", "scope", "slice"].contains { type.elementsEqual($0.utf8) }
}

private func isLowercase(_ byte: UInt8) -> Bool {
  (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
}

extension UnsafeRawBufferPointer {
  /// Without the decimal digits at the end.
  fileprivate func droppingDigits() -> UnsafeRawBufferPointer {
    var count = count
    while count > 0, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self[count - 1]) { count -= 1 }
    return UnsafeRawBufferPointer(rebasing: self[..<count])
  }
}
