/// What a config can say: the one place that both ends check against.
public enum ConfigSchema {
  /// The newest schema that is known here.
  public static let version: UInt32 = 1
  /// What a collector that can be configured says in `Hello.capabilities`.
  public static let capability = "config"

  /// The collector's sources, in the order they are read.
  public static let sourceNames = [
    "stat", "loadavg", "meminfo", "vmstat", "diskstats", "filesystem", "netdev", "pressure_cpu",
    "pressure_memory", "pressure_io", "pressure_irq", "uptime", "uname",
    "snmp", "netstat", "snmp6", "sockstat", "sockstat6", "softnet", "conntrack", "arp", "udp_queues", "ipvs",
    "nfs", "nfsd",
    "time", "filefd", "schedstat", "timex", "entropy", "cpufreq", "cpu_topology", "numa", "ksm", "watchdog",
    "clocksource", "time_zone", "selinux", "os", "dmi", "container",
    "thermal", "hwmon", "powersupply", "edac", "rapl", "nvme", "bonding", "infiniband", "fibrechannel",
    "tapestats",
    "mdadm", "mdraid", "zfs", "xfs", "btrfs", "bcache", "block", "textfile", "netclass", "tcp",
    "cgroups", "processes", "systemd",
  ]
  /// Kinds of names that can be left out.
  public static let filterNames = [
    "disk_devices", "mount_points", "filesystem_types", "network_interfaces", "vmstat_fields",
    "netstat_fields", "cgroups", "systemd_units",
  ]
  /// Levels of logging, from the most lines to the fewest.
  public static let logLevels = ["trace", "debug", "info", "notice", "warning", "error", "critical"]

  /// How often to sample, or to read a source.
  public static let intervalMilliseconds: ClosedRange<UInt32> = 100...60_000
  /// How often to send a heartbeat.
  public static let heartbeatIntervalMilliseconds: ClosedRange<UInt32> = 1000...300_000
  /// What the buffer may take: 64 KiB to 1 GiB …
  public static let bufferBytes: ClosedRange<UInt64> = 64 << 10...1 << 30
  /// … and how many frames it may hold.
  public static let bufferFrames: ClosedRange<UInt64> = 1...10_000_000
  /// CPUs that the collector may use.
  public static let cpuBudgetRatio: ClosedRange<Double> = 0.0005...1
  /// Memory that it may use: 4 MiB to 1 GiB.
  public static let memoryBudgetBytes: ClosedRange<UInt64> = 4 << 20...1 << 30
  /// Bytes that it may send a second: 64 B to 1 GiB.
  public static let bytesPerSecondBudget: ClosedRange<UInt64> = 64...1 << 30

  /// Labels that config may give a host.
  public static let maximumLabels = MessageLimits.labels
  /// Patterns of one list of a filter.
  public static let maximumPatterns = MessageLimits.configPatterns
  /// Bytes of a pattern.
  public static let maximumPatternBytes = 256
}
