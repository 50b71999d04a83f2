extension SourceCatalogue {
  /// What netlink tells: properties of interfaces, sockets by state.
  static let sockets: [SourceKind] = [
    SourceKind(
      "netclass", reads: ["netlink(7) RTM_GETLINK", "/sys/class/net/*"], about: NetClassSource.about,
      interval: .seconds(5), metrics: NetClassSource.metrics
    ) { NetClassSource(root: $0.root, interfaces: $0.filters.networkInterfaces) },
    SourceKind(
      "tcp", reads: ["sock_diag(7)", "/proc/net/sockstat", "/proc/net/sockstat6"], about: TCPSource.about,
      interval: .seconds(15), whenDenied: "the unit needs AF_NETLINK among its RestrictAddressFamilies=",
      metrics: TCPSource.metrics
    ) { TCPSource(root: $0.root, clock: $0.clock) },
  ]
}
