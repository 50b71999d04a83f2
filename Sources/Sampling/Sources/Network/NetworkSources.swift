import ProcFS

extension SourceCatalogue {
  /// Protocols, sockets and connections, as the kernel's files count them.
  static let network: [SourceKind] = protocols + sockstat + packets + nfs

  private static let protocols: [SourceKind] = [
    SourceKind(
      "snmp", reads: ["/\(GroupedValues.snmpPath)"], about: chosen, interval: .seconds(1),
      metrics: GroupedValuesSource.netstatMetrics
    ) { GroupedValuesSource.netstat(GroupedValues.snmpPath, .headings, $0) },
    SourceKind(
      "netstat", reads: ["/\(GroupedValues.netstatPath)"], about: chosen + summed, interval: .seconds(5),
      metrics: GroupedValuesSource.netstatMetrics
    ) { GroupedValuesSource.netstat(GroupedValues.netstatPath, .headings, $0) },
    SourceKind(
      "snmp6", reads: ["/\(GroupedValues.snmp6Path)"], about: chosen + summed, interval: .seconds(5),
      metrics: GroupedValuesSource.netstatMetrics
    ) { GroupedValuesSource.netstat(GroupedValues.snmp6Path, .lines, $0) },
  ]

  private static let chosen =
    "The filter `netstat_fields` chooses the fields, by group and name: `Tcp_InSegs`."

  /// Why not with every sample.
  private static let summed = """
     The kernel sums a hundred counters over all CPUs for each reading, whatever is wanted of them: \
    milliseconds on large machines.
    """

  private static let sockstat: [SourceKind] = [
    SourceKind(
      "sockstat", reads: ["/\(GroupedValues.sockstatPath)"], interval: .seconds(5),
      metrics: GroupedValuesSource.socketMetrics
    ) { GroupedValuesSource.sockets(GroupedValues.sockstatPath, $0) },
    SourceKind(
      "sockstat6", reads: ["/\(GroupedValues.sockstat6Path)"], interval: .seconds(5),
      metrics: GroupedValuesSource.socketMetrics
    ) { GroupedValuesSource.sockets(GroupedValues.sockstat6Path, $0) },
  ]

  private static let packets: [SourceKind] = [
    SourceKind(
      "softnet", reads: ["/\(SoftNet.path)", "/\(CPUList.onlinePath)"],
      about: "Before Linux 5.10 the lines do not say their CPUs; then these are asked for, too.",
      interval: .seconds(5), metrics: SoftNetSource.metrics
    ) { SoftNetSource(root: $0.root) },
    SourceKind(
      "conntrack",
      reads: [ConntrackStatistics.countPath, ConntrackStatistics.limitPath, ConntrackStatistics.path].map {
        "/" + $0
      },
      about: "The kernel counts by CPU; these are the sums.", interval: .seconds(5),
      metrics: ConntrackSource.metrics
    ) { ConntrackSource(root: $0.root) },
    SourceKind(
      "arp", reads: ["/\(ARPTable.path)"],
      about: "Tables of 4 MiB and more (about 50,000 neighbours) are not read.", interval: .seconds(5),
      metrics: ARPSource.metrics
    ) { ARPSource(root: $0.root) },
    SourceKind(
      "udp_queues", reads: ["/\(UDPQueues.path)", "/\(UDPQueues.path6)"],
      about: "Tables of 4 MiB and more (about 25,000 sockets) are not read.", interval: .seconds(5),
      metrics: UDPQueuesSource.metrics
    ) { UDPQueuesSource(root: $0.root) },
    SourceKind(
      "ipvs", reads: ["/\(IPVSStatistics.path)", "/\(IPVSBackends.path)"],
      about: "A service known by a mark of the firewall has `local_mark`, and no address.",
      interval: .seconds(1), metrics: IPVSSource.metrics
    ) { IPVSSource(root: $0.root) },
  ]

  private static let nfs: [SourceKind] = [
    SourceKind(
      "nfs", reads: ["/\(RPCStatistics.clientPath)"],
      about: "What the kernel does not write (versions and operations it does not know) is absent.",
      interval: .seconds(1), metrics: RPCSource.clientMetrics
    ) { RPCSource.client(root: $0.root) },
    SourceKind(
      "nfsd", reads: ["/\(RPCStatistics.serverPath)"],
      about: "What the kernel does not write (versions and operations it does not know) is absent.",
      interval: .seconds(1), metrics: RPCSource.serverMetrics
    ) { RPCSource.server(root: $0.root) },
  ]
}
