import ProcFS

/// `/sys/devices/system/cpu`: which CPUs there are.
enum CPUFolder {
  static let path = "sys/devices/system/cpu"

  /// The CPUs that a file in it lists: `online`, `present`, `isolated`.
  static func list(
    _ name: String, of root: ProcRoot, reading buffer: inout ReadBuffer
  ) throws(KernelError) -> CPUList {
    let path = "\(Self.path)/\(name)"
    let file = KernelFile(path, of: root, shape: .record, isKept: false)
    return try CPUList(try file.read(into: &buffer), path: path)
  }

  /// A file of one CPU.
  static func file(_ name: String, ofCPU number: Int, of root: ProcRoot) -> KernelFile {
    KernelFile("\(path)/cpu\(number)/\(name)", of: root, shape: .record, isKept: false)
  }

  /// The number in a file of one CPU; nil if it says none.
  static func number(
    _ name: String, ofCPU number: Int, of root: ProcRoot, reading buffer: inout ReadBuffer
  ) -> Int64? {
    (try? file(name, ofCPU: number, of: root).read(into: &buffer)).flatMap(AttributeText.integer)
  }
}
