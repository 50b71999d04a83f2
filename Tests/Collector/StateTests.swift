import Glibc
import Logging
import Testing

@testable import Collector

/// A folder that goes away with the test.
private final class TemporaryFolder {
  let path = temporaryName("state")

  init() { mkdir(path, 0o700) }

  deinit {
    for name in [
      "state/lock", "state/identity", "state/identity.damaged", "state/identity.new", "state/config",
      "state/config.damaged", "state/config.new",
    ] {
      unlink("\(path)/\(name)")
    }
    rmdir(path + "/state")
    rmdir(path)
  }

  var state: String { path + "/state" }
}

@Suite struct IdentityTests {
  private func next(_ last: IdentityRecord?, machine: String, seconds: Int64) -> (IdentityRecord, Bool) {
    let result = IdentityRecord.next(after: last, machine: machine, wallSeconds: seconds) { "fresh" }
    return (result.record, result.wasCloned)
  }

  @Test func aFirstStartMakesAnIdentity() {
    let (record, wasCloned) = next(nil, machine: "m", seconds: 1000)
    #expect(record == IdentityRecord(hostID: "fresh", machine: "m", epoch: 1000))
    #expect(!wasCloned)
  }

  @Test(
    arguments: [
      // Ordinary restarts: the epoch is the time.
      ("m", 1000, "m", 2000, "h", "m", 2000),
      // Twice in a second, or with the clock behind: it still grows.
      ("m", 1000, "m", 1000, "h", "m", 1001), ("m", 1000, "m", -5, "h", "m", 1001),
      // No machine id now, or then: nothing is known, nothing changes.
      ("m", 1000, "", 2000, "h", "m", 2000), ("", 1000, "m", 2000, "h", "m", 2000),
      // A cloned disk.
      ("m", 1000, "n", 2000, "fresh", "n", 2000),
    ] as [(String, UInt64, String, Int64, String, String, UInt64)])
  func laterStarts(
    lastMachine: String, lastEpoch: UInt64, machine: String, seconds: Int64, host: String,
    boundTo: String, epoch: UInt64
  ) {
    let last = IdentityRecord(hostID: "h", machine: lastMachine, epoch: lastEpoch)
    let (record, wasCloned) = next(last, machine: machine, seconds: seconds)
    let from = host == "h" ? "" : "h"
    #expect(record == IdentityRecord(hostID: host, machine: boundTo, epoch: epoch, rekeyedFrom: from))
    #expect(wasCloned == (host == "fresh"))
  }

  @Test func hostIDsAreRandomHexadecimal() {
    let ids = Set((0..<100).map { _ in IdentitySource.freshHostID() })
    #expect(ids.count == 100)
    #expect(ids.allSatisfy { $0.count == 32 && $0.allSatisfy { $0.isHexDigit && !$0.isUppercase } })
  }

  /// As `printf 'muster host identity\n%s' ID | sha256sum` has it: what is on disk is held against it for ever.
  @Test func aMachineIsTheSaltedHashOfItsMachineID() throws {
    let root = temporaryName("root")
    let folder = root + "/etc"
    mkdir(root, 0o700)
    mkdir(folder, 0o700)
    defer {
      unlink(folder + "/machine-id")
      rmdir(folder)
      rmdir(root)
    }
    #expect(IdentitySource(root: root).machine() == "")
    let file = try #require(fopen(folder + "/machine-id", "w"))
    fputs("0123456789abcdef0123456789abcdef\n", file)
    fclose(file)
    #expect(
      IdentitySource(root: root).machine()
        == "a6d199e224ee629f9aba64f24848534d724b937d8f6d0605a40747b2e9c9f73a")
  }
}

@Suite struct StateDirectoryTests {
  private let record = IdentityRecord(
    hostID: String(repeating: "0a", count: 16), machine: "abc", epoch: 12)

  @Test func remembersAnIdentity() throws {
    let folder = TemporaryFolder()
    var damage: String?
    let directory = try StateDirectory(folder.state)
    #expect(directory.readIdentity(damage: &damage) == nil)
    try directory.writeIdentity(record)
    #expect(directory.readIdentity(damage: &damage) == record)
    var unbound = record
    unbound.machine = ""
    try directory.writeIdentity(unbound)
    #expect(directory.readIdentity(damage: &damage) == unbound)
    let rekeyed = record.rekeyed(as: String(repeating: "0b", count: 16), machine: "", wallSeconds: 99)
    try directory.writeIdentity(rekeyed)
    #expect(directory.readIdentity(damage: &damage) == rekeyed)
    #expect(rekeyed.rekeyedFrom == record.hostID && rekeyed.epoch == 99)
    #expect(damage == nil)
  }

  @Test(arguments: [
    "", "host_id: x\nepoch: 1", "epoch: 1", "\u{0}", "host_id: 00000000000000000000000000000000",
  ])
  func aDamagedIdentityIsPutAside(text: String) throws {
    let folder = TemporaryFolder()
    let directory = try StateDirectory(folder.state)
    let file = open(folder.state + "/identity", O_WRONLY | O_CREAT, 0o600)
    _ = write(file, text, text.utf8.count)
    close(file)
    var damage: String?
    #expect(directory.readIdentity(damage: &damage) == nil)
    #expect(damage?.hasPrefix("\(folder.state)/identity") == true)
    #expect(access(folder.state + "/identity.damaged", F_OK) == 0)
    try directory.writeIdentity(record)
    damage = nil
    #expect(directory.readIdentity(damage: &damage) == record)
  }

  @Test func remembersConfiguration() throws {
    let folder = TemporaryFolder()
    var damage: String?
    let directory = try StateDirectory(folder.state)
    #expect(directory.readConfig(damage: &damage) == nil)
    var record = ConfigRecord()
    record.failed = [[UInt8](repeating: 7, count: 32)]
    try directory.writeConfig(record.text)
    #expect(directory.readConfig(damage: &damage) == record)
    #expect(damage == nil)
    try directory.writeConfig("layout: 1\nfailed: [x]\n")
    #expect(directory.readConfig(damage: &damage) == nil)
    #expect(damage == "\(folder.state)/config:2:9: failed: expected 64 hexadecimal digits")
    #expect(access(folder.state + "/config.damaged", F_OK) == 0)
    #expect(access(folder.state + "/config", F_OK) != 0)
  }

  @Test func aHostIsGivenANewIdentityThatItRemembers() throws {
    let folder = TemporaryFolder()
    let directory = try StateDirectory(folder.state)
    let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    // A root without a machine id: nothing binds the identity.
    let host = try HostIdentity(
      in: directory, source: IdentitySource(root: "/nowhere"), wallSeconds: 50, logger: logger)
    let first = host.identity
    #expect(host.machine == [] && host.record.rekeyedFrom == "")
    let (second, _) = try host.renew(in: directory, wallSeconds: 60)
    #expect(second.hostID != first.hostID && second.epoch == 60)
    var damage: String?
    #expect(directory.readIdentity(damage: &damage)?.hostID == second.hostID)
    let restarted = try HostIdentity(
      in: directory, source: IdentitySource(root: "/nowhere"), wallSeconds: 70, logger: logger)
    #expect(restarted.record.rekeyedFrom == first.hostID)
  }

  @Test func aSecondCollectorIsRefusedUntilTheFirstIsGone() throws {
    let folder = TemporaryFolder()
    do {
      let first = try StateDirectory(folder.state)
      let error = #expect(throws: CollectorFailure.self) { _ = try StateDirectory(folder.state) }
      #expect(error?.exitCode == ExitCode.alreadyRunning)
      #expect(
        error?.description
          == "another muster-collector is running on the state directory \(folder.state); "
          + "stop it, or give this one its own with --state-directory")
      withExtendedLifetime(first) {}
    }
    _ = try StateDirectory(folder.state)
  }

  @Test func anUnusableFolderSaysWhatToDo() {
    let error = #expect(throws: CollectorFailure.self) { _ = try StateDirectory("/nowhere/state") }
    #expect(error?.exitCode == ExitCode.state)
    #expect(
      error?.description
        == "cannot make the state directory /nowhere/state: No such file or directory; "
        + "make its parent folder, or give another one with --state-directory")
  }
}
