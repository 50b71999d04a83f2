import Glibc
import ProcFS
import Synchronization
import Wire

@testable import Sampling

/// Trees to sample from: those captured beside the tests of ProcFS, and made-up ones.
enum SamplingFixture {
  /// The folders beside the tests of ProcFS.
  static let machines = (try? FolderNames.list("", of: ProcRoot(path: folder))) ?? []

  static func path(_ machine: String) -> String { folder + "/" + machine }

  private static let folder =
    #filePath.split(separator: "/").dropLast(2).reduce("") { $0 + "/" + $1 } + "/ProcFS/Fixtures"

  /// System calls of a machine that answers the same always, save that `/mnt/gone` is not there.
  static let calls = KernelCalls(
    filesystemUsage: { path in
      String(cString: path).hasSuffix("/mnt/gone")
        ? .failure(SystemCallError(ENOENT))
        : .success(
          FilesystemUsage(
            blockSize: 4096, blocks: 1_000_000, freeBlocks: 400_000, availableBlocks: 350_000, files: 65_536,
            freeFiles: 60_000))
    },
    refreshSystemName: { name in
      name = SystemName([
        .system: "Linux", .node: "host", .release: "6.0.0", .version: "#1 SMP", .machine: "x86_64",
        .domain: "(none)",
      ])
      return false
    })
}

/// A clock that goes when it is told.
final class TestClock: Sendable {
  private let time = Atomic<Int64>(1_000_000_000)

  var now: Int64 { time.load(ordering: .sequentiallyConsistent) }

  func advance(seconds: Double) {
    time.add(Int64(seconds * 1e9), ordering: .sequentiallyConsistent)
  }
}

/// Files of one's own in place of a host's, gone with this object.
final class TestTree {
  let path: String
  private var made: [String] = []

  init(_ contents: [String: String] = [:]) {
    var template = Array("/tmp/sampling-tests-XXXXXX".utf8CString)
    path = String(cString: mkdtemp(&template))
    for (name, text) in contents { write(name, text) }
  }

  deinit {
    for name in made.reversed() { remove(name) }
    rmdir(path)
  }

  var root: ProcRoot { ProcRoot(path: path) }

  /// Makes a folder, and those it lies in.
  func folder(_ name: String) {
    var folder = ""
    for part in name.split(separator: "/") {
      folder += (folder.isEmpty ? "" : "/") + part
      if mkdir(path + "/" + folder, 0o700) == 0 { made.append(folder) }
    }
  }

  /// Writes a file, in folders that are made if need be.
  func write(_ name: String, _ text: String) {
    folder(name.split(separator: "/").dropLast().joined(separator: "/"))
    if !made.contains(name) { made.append(name) }
    let file = open(path + "/" + name, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    _ = Glibc.write(file, text, text.utf8.count)
    close(file)
  }

  /// Makes a symbolic link.
  func link(_ name: String, to target: String) {
    folder(name.split(separator: "/").dropLast().joined(separator: "/"))
    if symlink(target, path + "/" + name) == 0 { made.append(name) }
  }

  /// Removes a file, a link, or a folder that is empty.
  func remove(_ name: String) {
    if unlink(path + "/" + name) != 0 { rmdir(path + "/" + name) }
  }
}

extension SampleTable {
  /// What is present, as `name{label="value"}` and what is shown for it.
  var shown: [String: Double] {
    borrowing get {
      var result: [String: Double] = [:]
      for (id, series) in descriptors.enumerated() where present[id] {
        let labels = series.labels.map { "\($0.name)=\"\($0.value)\"" }.joined(separator: ",")
        result[labels.isEmpty ? series.name : "\(series.name){\(labels)}"] = series.value(ofRaw: values[id])
      }
      return result
    }
  }
}

extension [String: Double] {
  /// Only the series whose name starts so.
  func of(_ prefix: String) -> Self { filter { $0.key.hasPrefix(prefix) } }
}

/// SplitMix64: the same numbers for the same seed.
struct Seeded: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
