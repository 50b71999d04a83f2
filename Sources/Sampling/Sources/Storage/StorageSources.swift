extension SourceCatalogue {
  /// Arrays, pools and file systems with counters of their own.
  static let storage: [SourceKind] = [
    SourceKind(
      "mdadm", reads: ["/proc/mdstat"],
      about: """
        Of an array that is not started the kernel does not say how many disks it needs: \
        `node_md_disks_required` is absent, `node_md_raid_disks` has it.
        """, interval: .seconds(5), metrics: MDStatSource.metrics
    ) { MDStatSource(root: $0.root) },
    SourceKind(
      "mdraid", reads: ["/sys/block/md*/md/*", "/sys/block/md*/md/dev-*/{errors,state}"],
      interval: .seconds(5), metrics: MDRaidSource.metrics
    ) { MDRaidSource.make(root: $0.root) },
    SourceKind(
      "zfs", reads: ["/proc/spl/kstat/zfs/*", "/proc/spl/kstat/zfs/<pool>/{state,io,objset-*}"],
      about: """
        Of each pool, \(ZFSPool.maximumDatasets) datasets are shown at most. Signed values are shown, too, \
        which node_exporter 1.5 leaves out: `node_zfs_arc_memory_available_bytes` may be below 0.
        """, interval: .seconds(5), metrics: ZFSSource.metrics
    ) { ZFSSource(root: $0.root) },
    SourceKind(
      "xfs", reads: ["/sys/fs/xfs/*/stats/stats"],
      about: "The kernel counts in 32 bits, save bytes: counters wrap, and then look like a restart.",
      interval: .seconds(5), metrics: XFSSource.metrics
    ) { XFSSource(root: $0.root) },
    SourceKind(
      "btrfs", reads: ["/sys/fs/btrfs/*"],
      about: """
        `node_btrfs_device_errors_total` is by the number that btrfs gives a device, which `btrfs filesystem \
        show` lists. The ratio of RAID 5 and 6 is that of stripes over all devices.
        """, interval: .seconds(5), metrics: BtrfsSource.metrics
    ) { BtrfsSource.make(root: $0.root) },
    SourceKind(
      "bcache", reads: ["/sys/fs/bcache/*"],
      about: "bcache writes sizes for people, with three digits or so: counters of bytes move in steps.",
      interval: .seconds(5), metrics: BcacheSource.metrics
    ) { BcacheSource.make(root: $0.root) },
    SourceKind(
      "block", reads: ["/sys/block/*/{size,ro,removable,queue/*,device/*}"],
      about: """
        What a disk is, which seldom changes and costs a dozen files a disk; the filter `disk_devices` \
        chooses the disks. What it does is in `diskstats`: utilisation is the rate of \
        `node_disk_io_time_seconds_total`, the queue's length that of \
        `node_disk_io_time_weighted_seconds_total`, and how long a read takes the rate of \
        `node_disk_read_time_seconds_total` by that of `node_disk_reads_completed_total`.
        """, interval: .seconds(30), metrics: BlockSource.metrics
    ) { BlockSource(root: $0.root, devices: $0.filters.diskDevices) },
  ]
}
