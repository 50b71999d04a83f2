import Testing

@testable import ProcFS

@Suite struct TableFileTests {
  @Test func diskStats() throws {
    let text = """
         8       0 sda 1 2 3 4 5 6 7 8 9 10 11
       259      12 nvme0n1 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17
      """
    let stats = try text.parsed(DiskStats()) { try $0.parse($1) }
    #expect(stats.devices.map { text[$0.name] } == ["sda", "nvme0n1"])
    #expect(stats.devices.map(\.minor) == [0, 12])
    #expect(stats.devices.map(\.count) == [11, 17])
    #expect(stats.devices[0].values[DiskStats.Column.weightedMilliseconds.rawValue] == 11)
    #expect(stats.devices[1].values[DiskStats.Column.flushMilliseconds.rawValue] == 17)
    #expect(try "".parsed(stats) { try $0.parse($1) }.devices.isEmpty)
  }

  @Test(arguments: [
    ("8 0 sda 1 2 3 4 5 6 7 8 9 10\n", 1, "10 numbers of a device, expected 11 or more"),
    ("\n8 x sda 1\n", 2, "two device numbers are expected"),
    ("8 0 sda 1 2 3 -4 5 6 7 8 9 10 11\n", 1, "a number is expected"),
    ("8 0\n", 1, "0 numbers of a device, expected 11 or more"),
  ])
  func diskStatsSayWhatIsWrong(_ text: String, _ line: Int, _ reason: String) {
    #expect(throws: KernelError.malformed(file: "proc/diskstats", line: line, reason: reason)) {
      try text.parsed(DiskStats()) { try $0.parse($1) }
    }
  }

  @Test func netDev() throws {
    let text = """
      Inter-|   Receive |  Transmit
       face |bytes      |bytes
          lo:    3193      29    0    0    0     0          0         0     3193      29 0 0 0 0 0 0
      eth0:1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16
       eth0:1: 7 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0
      """
    let netDev = try text.parsed(NetDev()) { try $0.parse($1) }
    #expect(netDev.interfaces.map { text[$0.name] } == ["lo", "eth0", "eth0:1"])
    #expect(netDev.interfaces.map { $0.values[0] } == [3193, 1, 7])
    #expect(netDev.interfaces[1].values[NetDev.Column.sentCompressed.rawValue] == 16)
  }

  @Test(arguments: [
    ("", 1, "two headings are expected"), ("a\n", 2, "two headings are expected"),
    ("a\nb\nlo 1 2 3\n", 3, "a name and a colon are expected"),
    ("a\nb\n: 1 2 3\n", 3, "a name and a colon are expected"),
    ("a\nb\nlo: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15\n", 3, "16 numbers are expected behind the name"),
  ])
  func netDevSaysWhatIsWrong(_ text: String, _ line: Int, _ reason: String) {
    #expect(throws: KernelError.malformed(file: "proc/net/dev", line: line, reason: reason)) {
      try text.parsed(NetDev()) { try $0.parse($1) }
    }
  }

  @Test(
    arguments: [
      (
        "36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue",
        "/mnt2|ext3|/dev/root|rw"
      ),
      ("36 35 98:0 / /a ro - ext3 /dev/root rw", "/a|ext3|/dev/root|ro"),
      ("36 35 98:0 / /a rw - ext3 /dev/root ro,x", "/a|ext3|/dev/root|ro"),
      ("36 35 98:0 / /a rw,roo,xro - ext3 /dev/root rw,errors=remount-ro", "/a|ext3|/dev/root|rw"),
      ("36 35 98:0 / /a rw shared:1 master:2 x - fuse.sshfs u@h:/ rw", "/a|fuse.sshfs|u@h:/|rw"),
      ("36 35 98:0 / /a rw - tmpfs  rw", "/a|tmpfs||rw"),
      (#"36 35 0:1 / /a\040b\011c\012d\134e\043f rw - nfs h:/x\040y rw"#, "/a b\tc\nd\\e#f|nfs|h:/x y|rw"),
      (#"36 35 0:1 / /a\04\9\777\000\ rw - nfs h rw"#, #"/a\04\9\777\000\|nfs|h|rw"#),
      ("36 35 98:0 / /a rw ext3 /dev/root rw", nil), ("36 35 98:0 / /a rw - ext3", nil),
      ("36 35 98:0 / /a rw - ext3 /dev/root", nil), ("36 35 98:0 / /a rw -", nil), ("36", nil), (" ", nil),
    ] as [(String, String?)])
  func mountInfo(_ line: String, _ expected: String?) throws {
    guard let expected else {
      #expect(throws: KernelError.self) { try line.parsed(MountInfo()) { try $0.parse($1) } }
      return
    }
    let info = try line.parsed(MountInfo()) { try $0.parse($1) }
    let mount = try #require(info.mounts.first)
    let parts = [mount.point, mount.type, mount.source].map { range in
      info.names.withUnsafeBytes { range.string(in: $0) }
    }
    #expect(parts.joined(separator: "|") + (mount.isReadOnly ? "|ro" : "|rw") == expected)
    #expect(info.names.withUnsafeBytes { mount.key.string(in: $0) } == parts.map { $0 + "\0" }.joined())
  }

  @Test func udevProperties() {
    let text = "S:disk/x\nE:ID_MODEL=A=B\nE:EMPTY=\nE:\nE\nG:y\nE:ID_MODEL=C"
    let udev = Array(text.utf8).withUnsafeBytes { UdevProperties($0) }
    #expect(udev.values == ["ID_MODEL": "C", "EMPTY": ""])
    #expect(udev["ID_SERIAL"] == "")
  }
}

extension String {
  fileprivate subscript(_ range: TextRange) -> String {
    Array(utf8).withUnsafeBytes { range.string(in: $0) }
  }
}
