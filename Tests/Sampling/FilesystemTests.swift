import Glibc
import ProcFS
import Synchronization
import Testing
import Threads

@testable import Sampling

@Suite struct FilesystemTests {
  private let clock = TestClock()
  private let server = FileServer()
  private let tree = TestTree()

  @Test func aMountThatDoesNotAnswerIsStuckAndTheOthersAreNot() {
    mount("/ ext4", "/net nfs4", "/net/inner ext4", "/netto ext4", "/other fuse.sshfs")
    server.hold("/net")
    let sampler = sampler()
    var table = SampleTable()

    sampler.sample(into: &table)
    #expect(points(table, "size_bytes") == ["/", "/netto"])
    #expect(points(table, "device_error") == ["/", "/netto"])
    until { server.asked.contains("/net") }
    #expect(sampler.stuckMounts.isEmpty)

    clock.advance(seconds: 5.1)
    sampler.sample(into: &table)
    sampler.await(nanoseconds: .max / 4)
    sampler.sample(into: &table)
    #expect(points(table, "size_bytes") == ["/", "/net/inner", "/netto", "/other"])
    #expect(
      table.shown.of("node_filesystem_").filter { $0.key.contains(#""/net""#) } == [
        #"node_filesystem_device_error{device="src",fstype="nfs4",mountpoint="/net"}"#: 1
      ])
    #expect(sampler.stuckMounts == [StuckMount(point: "/net", sinceNanoseconds: 1_000_000_000)])

    // However often it is looked at: it is asked once.
    for _ in 0..<5 {
      clock.advance(seconds: 60)
      sampler.sample(into: &table)
      sampler.await(nanoseconds: .max / 4)
    }
    table.removeAll()
    sampler.forgetSeries()
    sampler.sample(into: &table)
    #expect(server.asked.filter { $0 == "/net" }.count == 1)
    #expect(points(table, "device_error") == ["/", "/net", "/net/inner", "/netto", "/other"])

    server.releaseAll()
    until {
      sampler.sample(into: &table)
      return points(table, "size_bytes").contains("/net")
    }
    #expect(sampler.stuckMounts.isEmpty)
  }

  @Test func whatLiesBelowASlowMountIsNeverAskedOnTheLoop() {
    mount("/ ext4", "/a ext4", "/a nfs", "/b cifs", "/b/c xfs", "/bb xfs")
    for point in ["/a", "/b", "/b/c"] { server.hold(point) }
    let sampler = sampler()
    var table = SampleTable()
    sampler.sample(into: &table)
    #expect(points(table, "size_bytes") == ["/", "/bb"])
    server.releaseAll()
    sampler.await(nanoseconds: .max / 4)
    sampler.sample(into: &table)
    #expect(points(table, "size_bytes") == ["/", "/a", "/a", "/b", "/b/c", "/bb"])
  }

  @Test func aSlowRootMakesEverythingSlow() {
    mount("/ nfs", "/data ext4")
    server.hold("/")
    server.hold("/data")
    let sampler = sampler()
    var table = SampleTable()
    sampler.sample(into: &table)
    #expect(points(table, "size_bytes").isEmpty)
    server.releaseAll()
    sampler.await(nanoseconds: .max / 4)
    sampler.sample(into: &table)
    #expect(points(table, "size_bytes") == ["/", "/data"])
  }

  @Test func thereIsALimitOnThreads() {
    let held = (0..<ProbeCrew.maximumGivenUp + 8).map { "/n\($0)" }
    mount(["/ ext4"] + held.map { "\($0) nfs" } + ["/well nfs"])
    for point in held { server.hold(point) }
    let sampler = sampler()
    var table = SampleTable()
    sampler.sample(into: &table)
    for count in 1...ProbeCrew.maximumGivenUp {
      until { server.asked.filter { $0.hasPrefix("/n") }.count == count }
      clock.advance(seconds: 5.1)
      sampler.sample(into: &table)
    }
    until { server.asked.filter { $0.hasPrefix("/n") }.count == ProbeCrew.maximumGivenUp + 1 }
    // One more is asked than may be given up; what waits behind it is neither stuck nor known.
    for _ in 0..<3 {
      clock.advance(seconds: 5.1)
      sampler.sample(into: &table)
    }
    #expect(points(table, "device_error").count == ProbeCrew.maximumGivenUp + 2)
    #expect(points(table, "size_bytes") == ["/"])

    server.releaseAll()
    until {
      clock.advance(seconds: 5.1)
      sampler.sample(into: &table)
      return points(table, "size_bytes").count == held.count + 2
    }
  }

  @Test func threadsOwnNothingInTheEnd() {
    mount("/ ext4", "/net nfs", "/well nfs")
    server.hold("/net")
    weak var witness: Witness?
    var sampler: Sampler?
    do {
      let object = Witness()
      witness = object
      sampler = self.sampler(witness: object)
    }
    var table = SampleTable()
    sampler?.sample(into: &table)
    until { server.asked.contains("/net") }
    clock.advance(seconds: 5.1)
    sampler?.sample(into: &table)
    until { server.asked.contains("/well") }
    sampler = nil
    #expect(witness != nil)
    server.releaseAll()
    until { witness == nil }
  }

  @Test func aMountIsAskedEveryTenSecondsHoweverOftenItIsShown() {
    mount("/ ext4")
    let sampler = sampler()
    var table = SampleTable()
    for pass in 0..<200 {
      sampler.sample(into: &table)
      #expect(points(table, "size_bytes") == ["/"])
      #expect(server.asked.count == 1 + pass / 100)
      clock.advance(seconds: 0.1)
    }
  }

  @Test func whatIsShownOfAMount() {
    tree.write("proc/1/mountinfo", #"1 0 8:1 / /with\040space rw - ext4 /dev/sda1 ro"# + "\n")
    let sampler = sampler()
    var table = SampleTable()
    sampler.sample(into: &table)
    let labels = #"{device="/dev/sda1",fstype="ext4",mountpoint="/with space"}"#
    #expect(
      table.shown.of("node_filesystem_") == [
        "node_filesystem_device_error" + labels: 0, "node_filesystem_size_bytes" + labels: 51200,
        "node_filesystem_free_bytes" + labels: 25600, "node_filesystem_avail_bytes" + labels: 20480,
        "node_filesystem_files" + labels: 10, "node_filesystem_files_free" + labels: 5,
        "node_filesystem_readonly" + labels: 1,
      ])
    #expect(server.asked == ["/with space"])
  }

  @Test func anErrorIsADeviceError() {
    mount("/ ext4", "/mnt/broken ext4")
    let sampler = sampler()
    var table = SampleTable()
    sampler.sample(into: &table)
    #expect(points(table, "device_error") == ["/", "/mnt/broken"])
    #expect(points(table, "size_bytes") == ["/"])
  }

  @Test func whatIsUnmountedIsAbsent() {
    mount("/ ext4", "/a ext4")
    let sampler = sampler()
    var table = SampleTable()
    for (mounts, expected) in [(["/ ext4"], ["/"]), (["/a ext4", "/ ext4"], ["/", "/a"]), ([], [])] {
      mount(mounts)
      clock.advance(seconds: 10)
      sampler.sample(into: &table)
      #expect(points(table, "size_bytes") == expected)
    }
  }

  @Test func huge() {
    mount("/mnt/huge ext4")
    let sampler = sampler()
    var table = SampleTable()
    sampler.sample(into: &table)
    #expect(table.shown.of("node_filesystem_size_bytes").values.first == Double(Int64.max))
  }

  @Test func ofAUnitsOwnViewOnlyTheHostsMountsCount() {
    tree.write(
      "proc/self/mountinfo",
      """
      1 0 8:1 / / ro - ext4 /dev/sda1 rw
      2 1 8:2 / /data ro - xfs /dev/sdb1 ro
      3 1 8:1 /usr/lib /usr/lib ro - ext4 /dev/sda1 rw
      4 1 0:40 / /home ro - tmpfs tmpfs rw
      5 1 0:41 / /run rw - tmpfs tmpfs rw

      """)
    let sampler = sampler()
    var table = SampleTable()
    sampler.sample(into: &table)
    #expect(points(table, "size_bytes") == ["/", "/data", "/run"])
    // Read-only for the unit is not read-only on the host.
    #expect(points(table, "readonly", is: 1) == ["/data"])
  }

  private func mount(_ mounts: String...) { mount(mounts) }

  /// Mounts as "point type".
  private func mount(_ mounts: [String]) {
    tree.write(
      "proc/1/mountinfo",
      mounts.map { mount in
        let parts = mount.split(separator: " ")
        return "1 0 8:1 / \(parts[0]) rw - \(parts[1]) src rw\n"
      }.joined())
  }

  private func sampler(witness: Witness? = nil) -> Sampler {
    let prefix = tree.path
    return Sampler(
      root: ProcRoot(path: prefix),
      calls: KernelCalls(
        filesystemUsage: { [server] path in
          withExtendedLifetime(witness) {
            server.answer(String(String(cString: path).dropFirst(prefix.count)))
          }
        }, refreshSystemName: { _ in false })
    ) { [clock] in clock.now }
  }

  /// Where a series of this name is present.
  private func points(
    _ table: borrowing SampleTable, _ name: String, is value: Double? = nil
  ) -> [String] {
    table.shown.of("node_filesystem_\(name){").filter { value == nil || $0.value == value }.keys
      .map { String($0.split(separator: "\"").dropLast().last ?? "") }.sorted()
  }

  /// Lets other threads work until it is so; a minute of trying is a failure.
  private func until(_ condition: () -> Bool) {
    for _ in 0..<60_000 {
      if condition() { return }
      server.waitABit()
    }
    Issue.record("it never came")
  }
}

/// Goes away when nobody owns it any more.
private final class Witness: Sendable {}

/// Answers for file systems, when it is allowed to.
private final class FileServer: Sendable {
  private let state = Mutex((asked: [String](), held: Set<String>()))
  // Has its own lock.
  nonisolated(unsafe) private let monitor = Monitor()

  var asked: [String] { state.withLock { $0.asked } }

  func hold(_ point: String) { state.withLock { _ = $0.held.insert(point) } }

  func releaseAll() {
    state.withLock { $0.held.removeAll() }
    monitor.withLock { monitor.wake() }
  }

  func waitABit() { monitor.withLock { monitor.wait(nanoseconds: 1_000_000) } }

  func answer(_ point: String) -> Result<FilesystemUsage, SystemCallError> {
    state.withLock { $0.asked.append(point) }
    while state.withLock({ $0.held.contains(point) }) { waitABit() }
    if point == "/mnt/broken" { return .failure(SystemCallError(EIO)) }
    return .success(
      FilesystemUsage(
        blockSize: 512, blocks: point == "/mnt/huge" ? .max / 2 : 100, freeBlocks: 50, availableBlocks: 40,
        files: 10, freeFiles: 5))
  }
}
