/// The host's ends of containers' interfaces, as the makers of container networks name them. There may be hundreds,
/// and they come and go with their containers; so they are shown as one device each, unless the operator's lists say
/// what to show.
///
/// Not among them: `tap*` and `vnet*`, the interfaces of virtual machines and of VPNs, which stay and are looked for
/// by name; bridges and tunnels such as `docker0`, `cni0`, `lxcbr0`, `flannel.1`, which carry everybody's traffic.
enum InterfaceGroup: Int, CaseIterable {
  /// Docker, Podman, LXC, and most others.
  case veth
  /// Calico.
  case calico
  /// Cilium.
  case cilium
  /// Amazon's and Azure's and Google's plug-ins for Kubernetes.
  case amazon, azure, google

  /// The group that a name belongs to, if any.
  init?(_ name: UnsafeRawBufferPointer) {
    guard
      let found = Self.allCases.first(where: {
        name.starts(with: $0.prefix.utf8) && name.count > $0.prefix.utf8.count
      })
    else { return nil }
    if found == .cilium, name.starts(with: "lxcbr".utf8) { return nil }
    self = found
  }

  /// What the names begin with.
  private var prefix: String {
    switch self {
    case .veth: "veth"
    case .calico: "cali"
    case .cilium: "lxc"
    case .amazon: "eni"
    case .azure: "azv"
    case .google: "gke"
    }
  }

  /// How the group is called in place of a device.
  var pattern: String { prefix + "*" }
}
