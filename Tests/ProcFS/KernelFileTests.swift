import Glibc
import Testing

@testable import ProcFS

@Suite struct KernelFileTests {
  @Test func readsAgainWhatChanged() throws {
    let folder = TemporaryFolder()
    let file = KernelFile("f", of: ProcRoot(path: folder.path), shape: .record)
    var buffer = ReadBuffer()
    for text in ["one", "another one", "", String(repeating: "x", count: ReadBuffer.initialBytes), "last"] {
      folder.write("f", text)
      #expect(String(decoding: try file.read(into: &buffer), as: UTF8.self) == text)
    }
  }

  @Test func recordsAreReadToTheEndHoweverManyPages() throws {
    let folder = TemporaryFolder()
    let file = KernelFile("f", of: ProcRoot(path: folder.path), shape: .records(maximumBytes: 64))
    var buffer = ReadBuffer()
    for lines in [0, 1, 100, 300, 3000] {
      let text = String(repeating: "sixteen bytes..\n", count: lines)
      folder.write("f", text)
      #expect(String(decoding: try file.read(into: &buffer), as: UTF8.self) == text)
    }
    // The kernel hands this out in pieces of a page.
    let maps = KernelFile("proc/self/smaps", of: ProcRoot(), shape: .records(maximumBytes: 1024))
    let text = String(decoding: try maps.read(into: &buffer), as: UTF8.self)
    #expect(text.utf8.count > 4 * Int(getpagesize()) && text.contains("[stack]"))
  }

  @Test(arguments: [KernelFile.Shape.record, .sequence, .records(maximumBytes: 256)])
  func readsTheKernelItself(_ shape: KernelFile.Shape) throws {
    let file = KernelFile("proc/self/status", of: ProcRoot(path: "/"), shape: shape)
    var buffer = ReadBuffer()
    for _ in 0..<3 {
      let text = String(decoding: try file.read(into: &buffer), as: UTF8.self)
      #expect(text.contains("Pid:\t\(getpid())\n"))
      #expect(text.hasSuffix("\n"))
    }
  }

  @Test func hasALimit() {
    let folder = TemporaryFolder()
    folder.write("f", "")
    truncate(folder.path + "/f", off_t(ReadBuffer.maximumBytes + 1))
    var buffer = ReadBuffer()
    let path = folder.path + "/f"
    #expect(throws: KernelError.tooLarge(path: path, limit: ReadBuffer.maximumBytes)) {
      try KernelFile("f", of: ProcRoot(path: folder.path)).read(into: &buffer)
    }
  }

  @Test func whatIsNotThereIsUnsupportedUntilItComes() throws {
    let folder = TemporaryFolder()
    let file = KernelFile("f", of: ProcRoot(path: folder.path))
    var buffer = ReadBuffer()
    #expect(throws: KernelError.unsupported(path: folder.path + "/f", errno: ENOENT)) {
      try file.read(into: &buffer)
    }
    folder.write("f", "now")
    #expect(String(decoding: try file.read(into: &buffer), as: UTF8.self) == "now")
  }

  @Test func anErrorOfReadingIsFailing() {
    // The kernel opens it, and has nothing at address 0: EIO.
    var buffer = ReadBuffer()
    #expect(throws: KernelError.failing(path: "/proc/self/mem", errno: EIO)) {
      try KernelFile("proc/self/mem", of: ProcRoot()).read(into: &buffer)
    }
  }

  @Test func aFolderIsFailing() {
    let folder = TemporaryFolder()
    var buffer = ReadBuffer()
    #expect(throws: KernelError.failing(path: folder.path + "/", errno: EISDIR)) {
      try KernelFile("", of: ProcRoot(path: folder.path)).read(into: &buffer)
    }
  }

  @Test(arguments: [
    (ENOENT, "/f: not offered by this kernel (No such file or directory)"),
    (EOPNOTSUPP, "/f: not offered by this kernel (Operation not supported)"),
    (EACCES, "/f: may not be read (Permission denied)"),
    (EPERM, "/f: may not be read (Operation not permitted)"),
    (EIO, "/f: Input/output error"),
  ])
  func errorsSpeak(_ code: Int32, _ sentence: String) {
    #expect(KernelError(path: "/f", errno: code).description == sentence)
  }

  @Test func rootsArePrefixes() {
    #expect(ProcRoot().path(of: "proc/stat") == "/proc/stat")
    #expect(ProcRoot(path: "/host/").path(of: "proc/stat") == "/host/proc/stat")
    #expect(ProcRoot(path: "/host").path(of: "/") == "/host/")
    #expect(ProcRoot(path: "/").path(of: "/mnt") == "/mnt")
  }

  @Test func systemCalls() throws {
    let usage = try FilesystemUsage.read(at: "/").get()
    #expect(usage.blocks > 0)
    #expect(usage.freeBlocks <= usage.blocks)
    #expect(FilesystemUsage.read(at: "/not/there") == .failure(SystemCallError(ENOENT)))

    var name = SystemName()
    let changes = [name.refresh(), name.refresh()]
    #expect(changes == [true, false])
    #expect(name[.system] == "Linux")
    #expect(SystemName([.node: "a", .domain: "b"])[.node] == "a")
  }
}

/// A folder that goes away with this object.
private final class TemporaryFolder {
  let path: String

  init() {
    var template = Array("/tmp/procfs-tests-XXXXXX".utf8CString)
    path = String(cString: mkdtemp(&template))
  }

  deinit {
    unlink(path + "/f")
    rmdir(path)
  }

  func write(_ name: String, _ text: String) {
    let file = open(path + "/" + name, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    _ = Glibc.write(file, text, text.utf8.count)
    close(file)
  }
}
