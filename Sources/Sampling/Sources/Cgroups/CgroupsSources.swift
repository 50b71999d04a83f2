import ProcFS

extension SourceCatalogue {
  /// Units and containers, processes.
  static let cgroups: [SourceKind] = [
    SourceKind(
      "cgroups", reads: ["/sys/fs/cgroup/**"],
      about: """
        Version 2 only, also where it is mounted beside version 1. Shown are services and scopes of systemd (and \
        OpenRC), containers, pods and machines, and slices of the first two levels; what lies inside a container is its \
        own affair. `cgroup` is the path with systemd's escapes undone and ids cut to 12 digits.

        Series of cgroups that have ended are forgotten now and then (`muster_collector_compactions_total`), not at \
        once. So one that appears later has series of its own once it has lived 30 s. Those named by a number or a \
        random id (`session-12.scope`, `run-r….scope`, `sshd@3-….service`) share one row for each pattern. At most \
        `cgroups_limit` (200) have series at a time (those that used most CPU, if all are new), and at most twice as \
        many between two times that series are forgotten, which when these run out (`rows`) is after a minute if an eighth \
        of all series are gone, and after ten otherwise. All others \
        are summed as `(other)`: `muster_cgroups_folded` says how many, and why. The counters of `(other)` and of \
        patterns are what was counted since the collector watches, and do not fall when a cgroup ends; what one counts \
        between the last reading and its end is lost, and so is one that lived between two listings (10 s). A pattern of \
        which there was nothing for two times that series are forgotten goes, and begins at 0 should it come back. More \
        than 64 that are summed take turns. There are no sums of limits and of pressure.

        `io` counters are summed over devices; devices that lie on others (device mapper, md, loop) are left out, since \
        what goes through them is counted below once more. The filter `cgroups` chooses by the value of `cgroup`; what is \
        left out is not in `(other)` either.
        """,
      interval: .seconds(5), metrics: CgroupSource.metrics
    ) { CgroupSource(root: $0.root, filters: $0.filters) },
    SourceKind(
      "processes",
      reads: [
        "/proc/<pid>/{stat,io,cgroup,cmdline,status}", "/proc/loadavg",
        "/proc/sys/kernel/{threads-max,pid_max}", "/etc/passwd",
      ],
      about: """
        Every process is looked at, which takes some 10 µs for each, in a thread of its own, and half a percent of a CPU \
        at most: with 20,000 processes a look takes some 0.4 s, and comes every 80 s. A state that was seen \
        once is shown from then on. If processes of others are hidden (`hidepid`, `ProtectProc`) nothing is shown.

        Beside the series goes a table: the processes that used most CPU since the look before, those that have most \
        memory and those that did most I/O, `top_processes` (5) of each; and likewise groups of all processes, by \
        command or by unit as `process_groups` says. `muster processes` shows it. A process that ended between two looks \
        is in none. I/O of others is only shown to who may trace them (root, `CAP_SYS_PTRACE`), and is asked for only \
        where CPU was used. What looks like a secret in a command line is masked.
        """,
      interval: .seconds(15), mayBlock: true,
      whenDenied: "ProtectProc=default in the unit, or /proc without hidepid=, shows them",
      metrics: ProcessesSource.metrics
    ) { ProcessesSource(root: $0.root, filters: $0.filters, clock: $0.clock) },
    SourceKind(
      "systemd", reads: ["/run/systemd/private", "/run/dbus/system_bus_socket"],
      about: """
        systemd is asked every 15 s, over D-Bus: root asks it directly, others by way of the system bus. A sample only \
        sends; the answer is shown by the next one that finds it there. Listing its units costs systemd some \
        milliseconds of CPU for a few hundred. The type of a service is asked for once. The filter `systemd_units` \
        chooses the units; those named by a number or a random id (`run-r….service`, `sshd@3-….service`), and those \
        beyond 1000 that have had series since some were forgotten last (`muster_collector_compactions_total`), are only \
        counted: `muster_systemd_units_left_out`.
        """, interval: .seconds(1), metrics: SystemdSource.metrics
    ) { SystemdSource(root: $0.root, units: $0.filters.systemdUnits, clock: $0.clock) },
  ]
}
