import ProcFS

extension SourceCatalogue {
  /// What every kernel has: time, memory, disks, file systems.
  static let kernel: [SourceKind] =
    [
      SourceKind(
        "stat", reads: ["/proc/stat"],
        about: "A time that steps back a little, as idle and iowait do, is held at what it was.",
        metrics: StatSource.metrics + CPUSeries.metrics
      ) { StatSource(root: $0.root) },
      SourceKind(
        "loadavg", reads: ["/proc/loadavg"], about: "The kernel takes them anew every 5 s.",
        interval: .seconds(5), metrics: LoadAverageSource.metrics
      ) {
        LoadAverageSource(root: $0.root)
      },
      SourceKind("meminfo", reads: ["/proc/meminfo"], metrics: KeyedValuesSource.memoryMetrics) {
        KeyedValuesSource.memoryInfo(root: $0.root)
      },
      SourceKind(
        "vmstat", reads: ["/proc/vmstat"],
        about: """
          The filter `vmstat_fields` chooses the fields. Most are counted CPU by CPU, and the kernel gathers them once a \
          second (`vm.stat_interval`).
          """, interval: .seconds(1),
        metrics: KeyedValuesSource.vmstatMetrics
      ) { KeyedValuesSource.vmstat(root: $0.root, fields: $0.filters.vmstatFields) },
      SourceKind(
        "diskstats", reads: ["/proc/diskstats", "/run/udev/data/b*"],
        about: "The filter `disk_devices` chooses the devices.", metrics: DiskStatsSource.metrics
      ) { DiskStatsSource(root: $0.root, devices: $0.filters.diskDevices) },
      SourceKind(
        "filesystem", reads: ["/proc/1/mountinfo", "statvfs(3)"],
        about: """
          Mounts are asked every 10 s. Those that may not answer (network file systems, FUSE) are asked by another \
          thread, one question at a time. The filters `mount_points` and `filesystem_types` choose the mounts.
          """, interval: .seconds(1), metrics: WatchedMount.metrics
      ) {
        FilesystemSource(root: $0.root, filters: $0.filters, calls: $0.calls, clock: $0.clock)
      },
      SourceKind(
        "netdev", reads: ["netlink(7) RTM_GETSTATS", "/proc/net/dev"], about: NetDevSource.about,
        metrics: NetDevSource.metrics
      ) { NetDevSource(root: $0.root, interfaces: $0.filters.networkInterfaces) },
    ] + Pressure.Resource.allCases.map(pressure) + [
      SourceKind(
        "uptime", reads: ["/proc/uptime"], interval: .seconds(5), metrics: UptimeSource.metrics
      ) {
        UptimeSource(root: $0.root)
      },
      SourceKind("uname", reads: ["uname(2)"], interval: .seconds(15), metrics: UnameSource.metrics) {
        UnameSource(refresh: $0.calls.refreshSystemName)
      },
    ]

  private static func pressure(_ resource: Pressure.Resource) -> SourceKind {
    SourceKind(
      "pressure_\(resource.rawValue)", reads: ["/\(resource.path)"],
      metrics: PressureSource.metrics(resource)
    ) { PressureSource(resource, root: $0.root) }
  }
}
