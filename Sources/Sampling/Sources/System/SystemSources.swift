import ProcFS

extension SourceCatalogue {
  /// The kernel's clocks, limits and identity.
  static let system: [SourceKind] = moments + machine + identity

  /// What changes all the time.
  private static let moments = [
    SourceKind("time", reads: ["clock_gettime(2)"], interval: .seconds(1), metrics: TimeSource.metrics) {
      TimeSource(clock: $0.calls.wallClock)
    },
    SourceKind(
      "filefd", reads: ["/proc/sys/fs/file-nr"], interval: .seconds(5), metrics: FileHandlesSource.metrics
    ) {
      FileHandlesSource(root: $0.root)
    },
    SourceKind(
      "schedstat", reads: ["/proc/schedstat"],
      about: "Versions 15 to 17 of the file are known; with another one the source is failing.",
      interval: .seconds(1),
      metrics: SchedulerSource.metrics
    ) { SchedulerSource(root: $0.root) },
    SourceKind(
      "timex", reads: ["adjtimex(2)"],
      about: """
        The call changes nothing, yet a sandbox without `@clock` in `SystemCallFilter=` refuses it: the source is \
        then denied.
        """, interval: .seconds(5),
      whenDenied: "ProtectClock=no and SystemCallFilter=adjtimex clock_adjtime in the unit allow it",
      metrics: ClockDisciplineSource.metrics
    ) { ClockDisciplineSource(asking: $0.calls.clockDiscipline) },
    SourceKind(
      "entropy", reads: ["/proc/sys/kernel/random/*"], interval: .seconds(60),
      metrics: NumberFilesSource.entropy.map(\.metric)
    ) { NumberFilesSource(root: $0.root, NumberFilesSource.entropy) },
  ]

  /// CPUs and memory, piece by piece.
  private static let machine = [
    SourceKind(
      "cpufreq", reads: ["/sys/devices/system/cpu/cpu*/cpufreq/*"],
      about: """
        Some kernels sleep 10 ms or more to measure the frequency of a CPU. A reading goes on for half a second at most: \
        CPUs that it does not reach are absent until the next one, which begins with them.
        """, interval: .seconds(5), mayBlock: true, metrics: CPUFrequencySource.metrics
    ) { CPUFrequencySource(root: $0.root, clock: $0.clock) },
    SourceKind(
      "cpu_topology",
      reads: [
        "/sys/devices/system/cpu/{present,online,isolated}",
        "/sys/devices/system/cpu/cpu*/thermal_throttle/*",
      ],
      about: "The first CPU of a core or package, by name, speaks for it.", interval: .seconds(15),
      metrics: CPUTopologySource.metrics
    ) { CPUTopologySource(root: $0.root) },
    SourceKind(
      "numa", reads: ["/sys/devices/system/node/node*/{meminfo,numastat}"], interval: .seconds(15),
      metrics: MemoryNodesSource.metrics
    ) { MemoryNodesSource.make(root: $0.root) },
    SourceKind(
      "ksm", reads: ["/sys/kernel/mm/ksm/*"], interval: .seconds(30),
      metrics: NumberFilesSource.samepageMerging.map(\.metric)
    ) { NumberFilesSource(root: $0.root, NumberFilesSource.samepageMerging) },
    SourceKind(
      "watchdog", reads: ["/sys/class/watchdog/*"], interval: .seconds(15), metrics: WatchdogSource.metrics
    ) { WatchdogSource.make(root: $0.root) },
  ]

  /// What hardly ever changes.
  private static let identity = [
    SourceKind(
      "clocksource", reads: ["/sys/devices/system/clocksource/*"], interval: .seconds(60),
      metrics: ClockSourcesSource.metrics
    ) { ClockSourcesSource(root: $0.root) },
    SourceKind(
      "time_zone", reads: ["tzset(3)"], interval: .seconds(60), metrics: TimeZoneSource.metrics
    ) { TimeZoneSource(clock: $0.calls.wallClock, zone: $0.calls.localTimeZone) },
    SourceKind(
      "selinux", reads: ["/sys/fs/selinux/enforce", "/etc/selinux/config"], interval: .seconds(60),
      metrics: SELinuxSource.metrics
    ) { SELinuxSource(root: $0.root) },
    SourceKind(
      "os", reads: ["/etc/os-release", "/usr/lib/os-release"], interval: .seconds(60),
      metrics: OSReleaseSource.metrics
    ) { OSReleaseSource(root: $0.root) },
    SourceKind(
      "dmi", reads: ["/sys/class/dmi/id/*"],
      about: "Read once. Serial numbers, and the labels for them, are there for a collector of root's only.",
      interval: .seconds(60), metrics: FirmwareSource.metrics
    ) { FirmwareSource(root: $0.root) },
    SourceKind(
      "container", reads: ["/proc/self/mountinfo", "/proc/self/cgroup", "/sys/fs/cgroup/*"],
      about: """
        In a container, whose figures other sources show, and what the container may use. On a host there are no \
        series of it.
        """, interval: .seconds(60), metrics: ContainerSource.metrics
    ) { ContainerSource(root: $0.root) },
  ]
}
