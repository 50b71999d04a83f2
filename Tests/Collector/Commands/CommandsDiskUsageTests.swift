import GRPC
import Glibc
import ProcFS
import Sampling
import Synchronization
import Testing
import Wire

@testable import Collector

/// Mounts that answer when they are let.
private final class FakeMounts: Sendable {
  /// Nanoseconds of the sampler's clock.
  let clock = Mutex<Int64>(0)
  let isOpen = Mutex(false)
  let asked = Mutex<[String: Int]>([:])
  let answered = Mutex<[String: Int]>([:])

  var calls: KernelCalls {
    KernelCalls(
      filesystemUsage: { [self] in answer(String(cString: $0)) }, refreshSystemName: { _ in false })
  }

  private func answer(_ path: String) -> Result<FilesystemUsage, SystemCallError> {
    asked.withLock { $0[path, default: 0] += 1 }
    if path.hasSuffix("/secret") { return .failure(SystemCallError(EACCES)) }
    if path.hasSuffix("/gone") { return .failure(SystemCallError(ENODEV)) }
    if path.hasSuffix("/stuck") {
      while !isOpen.withLock({ $0 }) { sched_yield() }
    }
    answered.withLock { $0[path, default: 0] += 1 }
    return .success(
      FilesystemUsage(
        blockSize: 1024, blocks: 100, freeBlocks: 40, availableBlocks: 30, files: 50, freeFiles: 20))
  }
}

@Suite struct CommandsDiskUsageTests {
  private let mountInfo = """
    1 0 8:1 / / rw - ext4 /dev/root rw
    2 1 0:2 / /proc rw - proc proc rw
    3 1 8:2 / /data rw - xfs /dev/old rw
    4 1 8:3 / /data ro - xfs /dev/new rw
    5 1 0:5 / /secret rw - ext4 /dev/s rw
    6 1 0:6 / /gone rw - ext4 /dev/g rw
    7 1 0:7 / /far rw - nfs4 bob:pw@server:/far rw
    8 1 0:8 / /stuck rw - nfs4 server:/stuck rw
    9 8 8:9 / /stuck/below rw - ext4 /dev/b rw
    10 1 0:9 / /known rw - nfs4 server:/known rw

    """

  /// Runs the job in virtual time. The mounts' threads are real ones; so time stands still until those that
  /// answer have answered: `/far` at once, `/stuck/below` when the one before it counts as stuck.
  private func usage(
    _ host: FakeEnvironment, _ surveyor: MountSurveyor, _ mounts: FakeMounts, round: Int, _ path: String
  ) async -> [String: MountUsage] {
    let job = DiskUsageJob(environment: host, mounts: surveyor)
    var now = Moment.at(0)
    var found: [String: MountUsage] = [:]
    for _ in 0..<5_000_000 {
      switch job.step(at: now) {
      case .more: break
      case .wait(let until):
        let awaited = now.instant < Moment.at(5.5).instant ? "/far" : "/stuck/below"
        if mounts.answered.withLock({ $0[path + awaited] ?? 0 }) >= round {
          let time = until - now.instant
          now = now.advanced(by: time)
          mounts.clock.withLock { $0 += time.saturatedNanoseconds }
        }
        sched_yield()
        await Task.yield()
      case .output(.disks(let list)):
        for mount in list.mounts { found[mount.mountPoint] = mount }
      case .output: Issue.record("some other output")
      case .finished(let outcome, let reason):
        #expect(outcome == .ok && reason.isEmpty)
        return found
      }
    }
    Issue.record("no end")
    return found
  }

  @Test func aStuckMountBlocksNobody() async throws {
    let files = FakeProcesses()
    files.folder("/proc/1")
    files.write("/proc/1/mountinfo", mountInfo)
    let mounts = FakeMounts()
    let host = FakeEnvironment()
    host.root = files.root
    host.calls = mounts.calls
    host.clock = { [mounts] in mounts.clock.withLock { $0 } }
    host.stuckMounts = [StuckMount(point: "/known", sinceNanoseconds: -12_000_000_000)]
    let surveyor = MountSurveyor(calls: host.calls, clock: host.clock)

    let found = await usage(host, surveyor, mounts, round: 1, files.path)
    #expect(
      Set(found.keys) == ["/", "/data", "/secret", "/gone", "/far", "/stuck", "/stuck/below", "/known"])
    let root = try #require(found["/"])
    #expect(root.sizeBytes == 102_400 && root.usedBytes == 61_440 && root.availableBytes == 30_720)
    #expect(root.inodes == 50 && root.inodesUsed == 30 && root.problem.isEmpty && !root.readOnly)
    // Of two at one point the later one is seen.
    #expect(found["/data"]?.device == "/dev/new" && found["/data"]?.readOnly == true)
    #expect(found["/secret"]?.problem == "permission denied")
    #expect(found["/gone"]?.problem == String(cString: strerror(ENODEV)))
    #expect(found["/far"]?.sizeBytes == 102_400)
    #expect(found["/stuck"]?.problem == "stuck for 5 s")
    #expect(found["/stuck/below"]?.sizeBytes == 102_400)
    #expect(found["/known"]?.problem == "stuck for 12 s")
    #expect(mounts.asked.withLock { $0[files.path + "/known"] } == nil)

    // It is not asked again while the first question lasts.
    let again = await usage(host, surveyor, mounts, round: 2, files.path)
    #expect(again["/stuck"]?.problem.hasPrefix("stuck for ") == true)
    #expect(mounts.asked.withLock { $0[files.path + "/stuck"] } == 1)
    mounts.isOpen.withLock { $0 = true }
    var answered = await usage(host, surveyor, mounts, round: 3, files.path)
    // Its thread is a real one, and may take a moment to come back.
    for round in 4..<1000 where answered["/stuck"]?.problem.isEmpty != true {
      answered = await usage(host, surveyor, mounts, round: round, files.path)
    }
    #expect(answered["/stuck"]?.sizeBytes == 102_400)
  }

  @Test func withoutMountsItFails() {
    let host = FakeEnvironment()
    let desk = CommandDesk(forbidden: [], environment: host)
    desk.begin(.test("a", .diskUsage), at: .at(0))
    let (told, _) = desk.run(from: .at(0))
    #expect(told.count == 1 && told[0].hasPrefix("a failed: the mounts cannot be read: /nowhere/proc"))
  }
}
