/// The memory kernel files are read into: one buffer for all of them, grown when a file asks for more and then
/// kept, so that reading allocates nothing in the steady state.
public struct ReadBuffer: ~Copyable {
  /// No kernel file is read beyond this: 4 MiB, several times what `/proc/stat` of 8192 CPUs takes.
  public static let maximumBytes = 4 << 20

  /// What a buffer starts with: most files fit.
  public static let initialBytes = 16 << 10

  private(set) var memory: UnsafeMutableRawBufferPointer

  /// A buffer of ``initialBytes``.
  public init() {
    memory = .allocate(byteCount: Self.initialBytes, alignment: 16)
  }

  deinit {
    memory.deallocate()
  }

  /// Doubles the buffer, keeping its first `count` bytes. False at ``maximumBytes``.
  mutating func grow(keeping count: Int) -> Bool {
    guard memory.count < Self.maximumBytes else { return false }
    let larger = UnsafeMutableRawBufferPointer.allocate(
      byteCount: min(memory.count * 2, Self.maximumBytes), alignment: 16)
    larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: memory[..<count]))
    memory.deallocate()
    memory = larger
    return true
  }
}
