import ProcFS
import Testing
import Wire

@testable import Sampling

@Suite struct StorageTests {
  private let clock = TestClock()

  private func pass(_ sampler: Sampler, _ table: inout SampleTable) -> [String: Double] {
    clock.advance(seconds: 5)
    sampler.sample(into: &table)
    return table.shown
  }

  private func sampler(_ tree: TestTree) -> Sampler {
    Sampler(root: tree.root, calls: SamplingFixture.calls) { [clock] in clock.now }
  }

  private func error(_ sampler: Sampler, _ source: String) -> String? {
    sampler.statuses.first { $0.name == source }?.availability.error?.description
  }

  @Test func arraysComeAndGo() {
    let tree = TestTree()
    let sampler = sampler(tree)
    var table = SampleTable()
    let one = "md1 : active raid1 b[1] a[0](F)\n   9 blocks [2/1] [U_]\n\n"
    let two = "md2 : inactive c[0](S)\n   7 blocks\n\n"
    tree.write("proc/mdstat", one + two)
    var shown = pass(sampler, &table).of("node_md_")
    #expect(shown[#"node_md_disks{device="md1",state="failed"}"#] == 1)
    #expect(shown[#"node_md_disks_required{device="md1"}"#] == 2)
    #expect(shown[#"node_md_disks_required{device="md2"}"#] == nil)
    #expect(shown[#"node_md_state{device="md2",state="inactive"}"#] == 1)
    #expect(shown[#"node_md_state{device="md2",state="active"}"#] == 0)
    #expect(shown[#"node_md_blocks_to_sync{device="md1"}"#] == nil)
    tree.write("proc/mdstat", two)
    shown = pass(sampler, &table).of("node_md_")
    #expect(shown.keys.allSatisfy { $0.contains("md2") } && shown.count == 12)
    tree.write("proc/mdstat", "md1\n")
    #expect(pass(sampler, &table).of("node_md_").isEmpty)
    #expect(error(sampler, "mdadm")?.hasPrefix("proc/mdstat:1: ") == true)
  }

  @Test func whatSysKnowsOfArrays() {
    let tree = TestTree([
      "sys/block/md0/md/raid_disks": "2\n", "sys/block/md0/md/degraded": "1\n",
      "sys/block/md0/md/dev-sda1/errors": "21\n", "sys/block/md0/md/dev-sda1/state": "in_sync,write_mostly\n",
      "sys/block/md0/md/dev-sdb1/errors": "0\n", "sys/block/md0/md/dev-sdb1/state": "faulty\n",
      "sys/block/sda/size": "8\n",
    ])
    let sampler = sampler(tree)
    var table = SampleTable()
    #expect(
      pass(sampler, &table).of("node_md_") == [
        #"node_md_raid_disks{device="md0"}"#: 2, #"node_md_degraded{device="md0"}"#: 1,
        #"node_md_disk_read_errors_total{device="md0",disk="sda1"}"#: 21,
        #"node_md_disk_read_errors_total{device="md0",disk="sdb1"}"#: 0,
        #"node_md_disk_in_sync{device="md0",disk="sda1"}"#: 1,
        #"node_md_disk_in_sync{device="md0",disk="sdb1"}"#: 0,
      ])
  }

  private static func kstat(_ lines: String...) -> String {
    "13 1 0x01 1 1 1 1\nname type data\n" + lines.map { $0 + "\n" }.joined()
  }

  @Test func poolsAndDatasetsComeAndGo() {
    let zfs = "proc/spl/kstat/zfs"
    let tree = TestTree([
      "\(zfs)/arcstats": Self.kstat("hits 4 5", "available 3 -7"),
      "\(zfs)/fm": Self.kstat("erpt-dropped 4 3"),
      "\(zfs)/unknown": "x\n", "\(zfs)/tank/state": "ONLINE\n",
      "\(zfs)/tank/io": "12 3\nnread nwritten\n100 200\n",
      "\(zfs)/tank/objset-0x36": Self.kstat("dataset_name 7 tank/a b", "writes 4 9"),
    ])
    let sampler = sampler(tree)
    var table = SampleTable()
    let module = ["node_zfs_arc_hits": 5.0, "node_zfs_arc_available": -7, "node_zfs_fm_erpt_dropped": 3]
    var shown = pass(sampler, &table).of("node_zfs_")
    #expect(shown.filter { !$0.key.contains("zpool") } == module)
    #expect(shown[#"node_zfs_zpool_state{zpool="tank",state="online"}"#] == 1)
    #expect(shown.of("node_zfs_zpool_state").values.reduce(0, +) == 1)
    #expect(shown[#"node_zfs_zpool_nwritten{zpool="tank"}"#] == 200)
    #expect(
      shown.of("node_zfs_zpool_dataset") == [
        #"node_zfs_zpool_dataset_writes{zpool="tank",dataset="tank/a b"}"#: 9
      ])
    // A dataset gets another name, another one comes, the pool gets worse.
    tree.write("\(zfs)/tank/objset-0x36", Self.kstat("dataset_name 7 tank/c", "writes 4 10"))
    tree.write("\(zfs)/tank/objset-0x37", Self.kstat("dataset_name 7 tank/d", "writes 4 1"))
    tree.write("\(zfs)/tank/state", "SUSPENDED\n")
    shown = pass(sampler, &table).of("node_zfs_")
    #expect(
      shown.of("node_zfs_zpool_dataset") == [
        #"node_zfs_zpool_dataset_writes{zpool="tank",dataset="tank/c"}"#: 10,
        #"node_zfs_zpool_dataset_writes{zpool="tank",dataset="tank/d"}"#: 1,
      ])
    #expect(shown[#"node_zfs_zpool_state{zpool="tank",state="suspended"}"#] == 1)
    for name in ["objset-0x36", "objset-0x37", "io", "state", ""] { tree.remove("\(zfs)/tank/\(name)") }
    shown = pass(sampler, &table).of("node_zfs_")
    #expect(shown == module && error(sampler, "zfs") == nil)
    tree.write("\(zfs)/arcstats", "nothing\n")
    #expect(pass(sampler, &table).of("node_zfs_") == ["node_zfs_fm_erpt_dropped": 3])
    #expect(error(sampler, "zfs") == "\(tree.path)/\(zfs)/arcstats:2: name type data is expected")
  }

  @Test func xfsFileSystemsComeAndGo() {
    let tree = TestTree([
      "sys/fs/xfs/stats/stats": "rw 9 9\n", "sys/fs/xfs/sda1/stats/stats": "rw 1 2\nxpc 3 4 5\n",
      "sys/fs/xfs/debug/x": "",
    ])
    let sampler = sampler(tree)
    var table = SampleTable()
    #expect(
      pass(sampler, &table).of("node_xfs_") == [
        #"node_xfs_write_calls_total{device="sda1"}"#: 1, #"node_xfs_read_calls_total{device="sda1"}"#: 2,
        #"node_xfs_flushed_bytes_total{device="sda1"}"#: 3,
        #"node_xfs_written_bytes_total{device="sda1"}"#: 4,
        #"node_xfs_read_bytes_total{device="sda1"}"#: 5,
      ])
    #expect(error(sampler, "xfs") == nil)
    tree.write("sys/fs/xfs/sdb1/stats/stats", "rw x\n")
    #expect(pass(sampler, &table).of("node_xfs_").count == 5)
    #expect(
      error(sampler, "xfs") == "\(tree.path)/sys/fs/xfs/sdb1/stats/stats:1: numbers are expected behind rw")
    tree.remove("sys/fs/xfs/sda1/stats/stats")
    tree.write("sys/fs/xfs/sdb1/stats/stats", "rw 7 8\n")
    #expect(pass(sampler, &table).of("node_xfs_").count == 2)
  }

  @Test func btrfsShowsLayoutsAsTheyCome() {
    let uuid = "0abb23a9-579b"
    let folder = "sys/fs/btrfs/\(uuid)"
    let tree = TestTree([
      "sys/fs/btrfs/features/x": "1\n", "\(folder)/label": "store\n",
      "\(folder)/commit_stats": "commits 7\nlast_commit_ms 15\nmax_commit_ms 20\ntotal_commit_ms 1500\n",
      "\(folder)/devices/sda/size": "2\n", "\(folder)/devices/sdb/size": "2\n",
      "\(folder)/devices/sdc/size": "2\n",
      "\(folder)/devinfo/1/error_stats": "write_errs 1\nread_errs 2\n", "\(folder)/devinfo/1/missing": "1\n",
      "\(folder)/allocation/data/bytes_reserved": "64\n",
      "\(folder)/allocation/data/raid5/total_bytes": "100\n",
      "\(folder)/allocation/data/raid5/used_bytes": "50\n",
    ])
    let sampler = sampler(tree)
    var table = SampleTable()
    let shown = pass(sampler, &table).of("node_btrfs_")
    let all = "uuid=\"\(uuid)\""
    #expect(
      shown == [
        "node_btrfs_info{\(all),label=\"store\"}": 1, "node_btrfs_commits_total{\(all)}": 7,
        "node_btrfs_last_commit_seconds{\(all)}": 0.015, "node_btrfs_max_commit_seconds{\(all)}": 0.02,
        "node_btrfs_commit_seconds_total{\(all)}": 1.5,
        "node_btrfs_device_size_bytes{\(all),device=\"sda\"}": 1024,
        "node_btrfs_device_size_bytes{\(all),device=\"sdb\"}": 1024,
        "node_btrfs_device_size_bytes{\(all),device=\"sdc\"}": 1024,
        "node_btrfs_device_errors_total{\(all),devid=\"1\",type=\"write\"}": 1,
        "node_btrfs_device_errors_total{\(all),devid=\"1\",type=\"read\"}": 2,
        "node_btrfs_device_missing{\(all),devid=\"1\"}": 1,
        "node_btrfs_reserved_bytes{\(all),block_group_type=\"data\"}": 64,
        "node_btrfs_size_bytes{\(all),block_group_type=\"data\",mode=\"raid5\"}": 100,
        "node_btrfs_used_bytes{\(all),block_group_type=\"data\",mode=\"raid5\"}": 50,
        "node_btrfs_allocation_ratio{\(all),block_group_type=\"data\",mode=\"raid5\"}": 1.5,
      ])
    tree.write("\(folder)/allocation/data/raid1c3/total_bytes", "1\n")
    tree.write("\(folder)/allocation/data/raid1c3/used_bytes", "0\n")
    let later = pass(sampler, &table)
    #expect(later["node_btrfs_allocation_ratio{\(all),block_group_type=\"data\",mode=\"raid1c3\"}"] == 3)
    #expect(later.of("node_btrfs_").count == shown.count + 3)
  }

  @Test func bcacheReadsNumbersForPeople() {
    let folder = "sys/fs/bcache/dead-beef"
    let tree = TestTree([
      "sys/fs/bcache/register": "", "\(folder)/congested": "0\n",
      "\(folder)/internal/btree_read_average_duration_us": "1305\n", "\(folder)/bdev0/dirty_data": "1.5k\n",
      "\(folder)/bdev0/stats_total/cache_hits": "42\n",
      "\(folder)/bdev0/writeback_rate_debug": "rate:\t\t1.0M/sec\nintegral:\t-2.0k\n",
      "\(folder)/cache0/written": "2.0G\n",
    ])
    let sampler = sampler(tree)
    var table = SampleTable()
    #expect(
      pass(sampler, &table).of("node_bcache_") == [
        #"node_bcache_congested{uuid="dead-beef"}"#: 0,
        #"node_bcache_btree_read_average_duration_seconds{uuid="dead-beef"}"#: 0.001305,
        #"node_bcache_dirty_data_bytes{uuid="dead-beef",backing_device="bdev0"}"#: 1536,
        #"node_bcache_cache_hits_total{uuid="dead-beef",backing_device="bdev0"}"#: 42,
        #"node_bcache_writeback_rate{uuid="dead-beef",backing_device="bdev0"}"#: 1_048_576,
        #"node_bcache_writeback_rate_integral_term{uuid="dead-beef",backing_device="bdev0"}"#: -2048,
        #"node_bcache_written_bytes_total{uuid="dead-beef",cache_device="cache0"}"#: 2_147_483_648,
      ])
  }

  @Test func aDiskAndItsScheduler() {
    let tree = TestTree([
      "sys/block/sda/size": "8\n", "sys/block/sda/ro": "0\n", "sys/block/sda/queue/scheduler": "[none] bfq\n",
      "sys/block/sda/queue/write_cache": "write back\n", "sys/block/sda/device/model": "DISK  \n",
      "sys/block/sda/device/state": "running\n", "sys/block/sda/device/ioerr_cnt": "0x1f\n",
      "sys/block/loop0/size": "8\n", "sys/block/loop0/queue/scheduler": "none\n",
    ])
    let sampler = sampler(tree)
    var table = SampleTable()
    let first = pass(sampler, &table).of("node_disk_")
    #expect(
      first == [
        #"node_disk_size_bytes{device="sda"}"#: 4096, #"node_disk_readonly{device="sda"}"#: 0,
        #"node_disk_scheduler_info{device="sda",scheduler="none"}"#: 1,
        #"node_disk_write_cache_enabled{device="sda"}"#: 1, #"node_disk_online{device="sda"}"#: 1,
        #"node_disk_scsi_errors_total{device="sda"}"#: 31,
        #"node_disk_hardware_info{device="sda",vendor="",model="DISK",revision="",firmware_revision="",serial=""}"#:
          1,
      ])
    tree.write("sys/block/sda/queue/scheduler", "none [bfq]\n")
    tree.write("sys/block/sda/device/state", "offline\n")
    let second = pass(sampler, &table).of("node_disk_")
    #expect(second[#"node_disk_scheduler_info{device="sda",scheduler="bfq"}"#] == 1)
    #expect(second[#"node_disk_online{device="sda"}"#] == 0)
    #expect(second.count == first.count)
    var settings = SamplingSettings()
    settings.filters.diskDevices.include = [GlobPattern("loop*")]
    sampler.apply(settings, to: &table)
    #expect(
      pass(sampler, &table).of("node_disk_") == [
        #"node_disk_size_bytes{device="loop0"}"#: 4096,
        #"node_disk_scheduler_info{device="loop0",scheduler="none"}"#: 1,
      ])
  }
}
