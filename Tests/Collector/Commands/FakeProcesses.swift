import Glibc
import ProcFS

/// A folder with a `proc` of made-up processes, gone with this.
final class FakeProcesses {
  let path: String
  private var files: [String] = []
  private var folders: [String] = []

  init() {
    // In memory where that can be had: thousands of files on a disk take their time.
    let memory = "/dev/shm"
    let name = temporaryName("processes")
    path = access(memory, W_OK) == 0 ? memory + name.dropFirst("/tmp".count) : name
    folder("")
    folder("/proc")
    folder("/etc")
    write("/etc/passwd", "root:x:0:0:root:/root:/bin/sh\nbroken\n:x:7:\nweb:x:1001:1001::/:/bin/sh\n")
  }

  deinit {
    for file in files { unlink(path + file) }
    for folder in folders.reversed() { rmdir(path + folder) }
  }

  var root: ProcRoot { ProcRoot(path: path) }

  /// A process as the kernel would show it.
  func add(
    _ pid: Int, name: String = "p", ticks: Int = 0, start: Int = 100, pages: Int = 10, threads: Int = 1,
    io: (read: Int, written: Int)? = nil, arguments: [String]? = nil, user: Int? = nil
  ) {
    let folder = "/proc/\(pid)"
    self.folder(folder)
    write(
      folder + "/stat",
      "\(pid) (\(name)) S 1 1 1 0 -1 0 1 0 0 0 \(ticks) 0 0 0 20 0 \(threads) 0 \(start) 1000 \(pages) 0\n")
    if let io { write(folder + "/io", "rchar: 1\nread_bytes: \(io.read)\nwrite_bytes: \(io.written)\n") }
    if let arguments { write(folder + "/cmdline", arguments.map { $0 + "\0" }.joined()) }
    if let user { write(folder + "/status", "Name:\t\(name)\nUid:\t\(user)\t\(user)\t\(user)\t\(user)\n") }
  }

  /// The process ends.
  func remove(_ pid: Int) {
    for name in ["stat", "io", "cmdline", "status"] { unlink(path + "/proc/\(pid)/\(name)") }
    rmdir(path + "/proc/\(pid)")
  }

  func folder(_ name: String) {
    if mkdir(path + name, 0o700) == 0 { folders.append(name) }
  }

  func write(_ name: String, _ text: String) {
    let descriptor = open(path + name, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    let bytes = Array(text.utf8)
    precondition(Glibc.write(descriptor, bytes, bytes.count) == bytes.count)
    close(descriptor)
    files.append(name)
  }
}
