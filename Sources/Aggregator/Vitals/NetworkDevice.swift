import Selection

/// Which network devices add up to the traffic of a host, each byte once.
///
/// Counted are devices that lead out of the host. Not counted are the loopback, and devices whose bytes another one
/// counts: bridges, bonds and teams over their members, VLANs over their parent, tunnels over what carries them, and the host's end of
/// containers and virtual machines.
enum NetworkDevice {
  private static let inner = [
    "veth", "docker", "br-", "virbr", "vnet", "tap", "tun", "wg", "bond", "team", "cni", "flannel", "cali",
    "vxlan",
    "dummy", "ifb", "gre", "sit", "ip6tnl", "tailscale", "kube-", "lxc", "lxd", "podman", "nerdctl",
  ]

  static func isOutward(_ name: String) -> Bool {
    guard !name.isEmpty, name != "lo", !name.utf8.contains(UInt8(ascii: ".")) else { return false }
    return !isNumberedBridge(name) && !inner.contains { name.hasPrefix($0) }
  }

  /// `br0`, `br12`.
  private static func isNumberedBridge(_ name: String) -> Bool {
    guard name.hasPrefix("br"), name.utf8.count > 2 else { return false }
    return name.utf8.dropFirst(2).allSatisfy(\.isDigit)
  }
}
