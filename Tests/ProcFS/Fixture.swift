import Glibc

@testable import ProcFS

/// The captured and hand-made trees beside this file.
enum Fixture {
  static let machines = ["linux-4.14-bare-metal", "linux-6.12-128-cpus", "linux-6.18-vm", "odd-input"]

  static func root(_ machine: String) -> ProcRoot {
    ProcRoot(
      path: #filePath.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } + "/Fixtures/" + machine)
  }

  /// The text of a file; nil if the machine has none.
  static func text(_ machine: String, _ path: String) -> [UInt8]? {
    var buffer = ReadBuffer()
    return (try? KernelFile(path, of: root(machine)).read(into: &buffer)).map { Array($0) }
  }
}

/// Memory that ends where a page that may not be touched begins: who reads one byte too many is killed.
final class GuardedText {
  private let pages: UnsafeMutableRawPointer
  private let size: Int
  private let pageSize = Int(sysconf(Int32(_SC_PAGESIZE)))

  init(capacity: Int) {
    size = (capacity / pageSize + 1) * pageSize
    pages = mmap(nil, size + pageSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    mprotect(pages + size, pageSize, PROT_NONE)
  }

  deinit {
    munmap(pages, size + pageSize)
  }

  /// `text`, at the very end.
  func place(_ text: some Collection<UInt8>) -> UnsafeRawBufferPointer {
    let place = UnsafeMutableRawBufferPointer(start: pages + size - text.count, count: text.count)
    place.copyBytes(from: text)
    return UnsafeRawBufferPointer(place)
  }
}

extension String {
  /// Parses this text.
  func parsed<Value>(_ value: Value, _ parse: (inout Value, UnsafeRawBufferPointer) throws -> Void) throws
    -> Value
  {
    var value = value
    try Array(utf8).withUnsafeBytes { try parse(&value, $0) }
    return value
  }
}
