import Glibc
import Testing

@testable import ProcFS

private func withBytes<R>(_ text: String, _ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
  try Array(text.utf8).withUnsafeBytes { try body($0) }
}

@Suite struct ProcessFileTests {
  @Test(
    arguments: [
      ("14102 (cat) R 14096 1 1 0 -1 4194304 100 0 0 0 7 3 0 0 20 -5 12 0 1135928 3133440 362 184", "cat"),
      ("7 (a) b (c)) R 1 1 1 0 -1 4194304 100 0 0 0 7 3 0 0 20 0 12 0 1135928 3133440 362", "a) b (c)"),
      ("7 (x\ny) R 1 1 1 0 -1 0 1 0 0 0 7 3 -1 0 -2 0 12 0 1135928 3133440 362\n", "x\ny"),
      ("7 () R 1 1 1 0 -1 0 1 0 0 0 7 3 0 0 20 0 12 0 1135928 3133440 362\n", ""),
    ])
  func stat(_ text: String, _ name: String) throws {
    try withBytes(text) { bytes in
      let stat = try ProcessStat(parsing: bytes)
      #expect(stat.name.string(in: bytes) == name)
      #expect(stat.state == UInt8(ascii: "R"))
      #expect(stat.cpuTicks == 10)
      #expect(stat.threads == 12)
      #expect(stat.startTicks == 1_135_928)
      #expect(stat.residentPages == 362)
    }
  }

  @Test(arguments: [
    ("", "a name in parentheses is expected"), (")(", "a name in parentheses is expected"),
    ("1 (a)", "a state is expected behind the name"), ("1 (a) RR 1", "a state is expected behind the name"),
    ("1 (a) R 1 1 1 0 -1 0 1 0 0 0 7 x", "two times are expected as fields 14 and 15"),
    ("1 (a) R 1 1 1 0 -1 0 1 0 0 0 7 3 0 0 20 0", "a number is expected as field 20"),
    ("1 (a) R 1 1 1 0 -1 0 1 0 0 0 7 3 0 0 20 0 12 0", "a number is expected as field 22"),
    ("1 (a) R 1 1 1 0 -1 0 1 0 0 0 7 3 0 0 20 0 12 0 5 5 -", "a number is expected as field 24"),
  ])
  func statSaysWhatIsWrong(_ text: String, _ reason: String) {
    #expect(throws: KernelError.malformed(file: "proc/<pid>/stat", line: 1, reason: reason)) {
      try withBytes(text) { _ = try ProcessStat(parsing: $0) }
    }
  }

  @Test func io() throws {
    let text =
      "rchar: 6976\nwchar: 1\nsyscr: 10\nsyscw: 0\nread_bytes: 4096\nwrite_bytes: 512\ncancelled_write_bytes: 7\n"
    let io = try withBytes(text) { try ProcessIO(parsing: $0) }
    #expect(io.readBytes == 4096 && io.writtenBytes == 512)
    #expect(throws: KernelError.self) { try withBytes("read_bytes: 1\n") { _ = try ProcessIO(parsing: $0) } }
    #expect(throws: KernelError.self) {
      try withBytes("read_bytes: x\nwrite_bytes: 1\n") { _ = try ProcessIO(parsing: $0) }
    }
  }

  @Test func theEffectiveUserCounts() throws {
    let text = "Name:\tUid:\nUmask:\t0022\nUid:\t1000\t33\t1000\t1000\nGid:\t1\n"
    #expect(try withBytes(text) { try ProcessOwner.effectiveUser(parsing: $0) } == 33)
    for broken in ["", "Uid:\n", "Uid:\t1\n", "Uid: 1 99999999999\n", "Uid: a b\n"] {
      #expect(throws: KernelError.self) {
        _ = try withBytes(broken) { try ProcessOwner.effectiveUser(parsing: $0) }
      }
    }
  }

  @Test(arguments: [("", ""), ("\0\0", ""), ("a\0b c\0", "a\0b c"), ("a\0\0", "a"), ("title", "title")])
  func argumentsWithoutTheirEnd(_ text: String, _ arguments: String) {
    withBytes(text) { bytes in
      let found = ProcessCommandLine.arguments(bytes)
      #expect(String(decoding: found, as: UTF8.self) == arguments)
    }
  }
}

/// Every parser comes back from every text, and reads no byte too many.
@Suite struct BrokenProcessTextTests {
  private static let texts = [
    "14102 (ca)t) R 14096 1 1 0 -1 4194304 100 0 0 0 7 3 0 0 20 -5 12 0 1135928 3133440 362 184",
    "rchar: 6976\nread_bytes: 4096\nwrite_bytes: 512\n", "Name:\ta\nUid:\t1000\t33\t1000\t1000\n", "a\0b\0\0",
  ]

  private func parseAll(_ text: UnsafeRawBufferPointer) {
    _ = try? ProcessStat(parsing: text)
    _ = try? ProcessIO(parsing: text)
    _ = try? ProcessOwner.effectiveUser(parsing: text)
    _ = ProcessCommandLine.arguments(text)
  }

  @Test(arguments: texts)
  func cutAndChanged(_ text: String) {
    let memory = GuardedText(capacity: text.utf8.count)
    for count in 0...text.utf8.count { parseAll(memory.place(text.utf8.prefix(count))) }
    for position in 0..<text.utf8.count {
      for byte in Array(" \n\t()-0\0".utf8) + [0xff] {
        var bytes = Array(text.utf8)
        bytes[position] = byte
        parseAll(memory.place(bytes))
      }
    }
    parseAll(UnsafeRawBufferPointer(start: nil, count: 0))
  }
}

@Suite struct ProcessFilesTests {
  /// This process is there, and reads as such.
  @Test func readsTheRunningSystem() throws {
    let files = ProcessFiles(root: ProcRoot())
    let own = UInt32(getpid())
    var pids: [UInt32] = []
    let listing = try files.listing()
    while listing.next(entries: 7, { pids.append($0) }) {}
    #expect(pids.contains(own))
    guard case .text(let text) = files.read(ProcessStat.fileName, of: own) else {
      Issue.record("own stat cannot be read")
      return
    }
    #expect(try ProcessStat(parsing: text).residentPages > 100)
    guard case .text(let status) = files.read(ProcessOwner.fileName, of: own) else {
      Issue.record("own status cannot be read")
      return
    }
    #expect(try ProcessOwner.effectiveUser(parsing: status) == geteuid())
  }

  @Test func whoIsNotThereIsGone() {
    let files = ProcessFiles(root: ProcRoot())
    for pid in [UInt32.max, 4_294_967_290, 999_999_999] {
      guard case .gone = files.read(ProcessStat.fileName, of: pid) else {
        Issue.record("a process \(pid) is there")
        continue
      }
    }
  }

  @Test func withoutProcNothingCanBeListed() {
    #expect(throws: KernelError.self) {
      _ = try ProcessFiles(root: ProcRoot(path: "/nowhere")).listing().next(entries: 1) { _ in }
    }
    guard case .failed = ProcessFiles(root: ProcRoot(path: "/nowhere")).read(ProcessStat.fileName, of: 1)
    else {
      Issue.record("something was read")
      return
    }
  }
}
