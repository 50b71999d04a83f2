internal import CProtobufC
internal import GRPC

/// By what processes are added up.
public enum ProcessGrouping: Int, Sendable, CaseIterable {
  /// Not at all.
  case none = 0
  /// By comm of proc(5); threads of the kernel are one group.
  case command = 1
  /// By the systemd unit, container or machine that they belong to.
  case unit = 2
}

extension ProcessGrouping: WireEnum {
  typealias Packed = Muster__V1__ProcessGrouping
  static var unheard: ProcessGrouping { .none }
}

/// All processes of a name, or of a unit, added up. What one used that ended within the window is in no group.
public struct ProcessGroup: Hashable, Sendable {
  /// The command, or the unit.
  public var name: String
  /// How many there are now.
  public var processes: UInt32
  /// How many threads they have.
  public var threads: UInt32
  /// CPUs used over the window.
  public var cpuRatio: Double
  /// Memory in RAM; what processes share counts for each of them.
  public var residentBytes: UInt64
  /// Read from storage, by those of whom it is known.
  public var readBytesPerSecond: Double
  /// Written to storage, by those of whom it is known.
  public var writtenBytesPerSecond: Double

  /// A group of these figures.
  public init(
    name: String = "", processes: UInt32 = 0, threads: UInt32 = 0, cpuRatio: Double = 0,
    residentBytes: UInt64 = 0, readBytesPerSecond: Double = 0, writtenBytesPerSecond: Double = 0
  ) {
    self.name = name
    self.processes = processes
    self.threads = threads
    self.cpuRatio = cpuRatio
    self.residentBytes = residentBytes
    self.readBytesPerSecond = readBytesPerSecond
    self.writtenBytesPerSecond = writtenBytesPerSecond
  }
}

extension ProcessGroup: WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Muster__V1__ProcessGroup>) {
    muster__v1__process_group__init(packed)
  }

  init(_ packed: Muster__V1__ProcessGroup) throws(Status) {
    self.init(
      name: try text(packed.name, "group", MessageLimits.nameBytes), processes: packed.processes,
      threads: packed.threads, cpuRatio: packed.cpu_ratio, residentBytes: packed.resident_bytes,
      readBytesPerSecond: packed.read_bytes_per_second,
      writtenBytesPerSecond: packed.written_bytes_per_second)
  }

  func fill(_ packed: inout Muster__V1__ProcessGroup, _ arena: Arena) {
    packed.name = arena.text(name, cutTo: MessageLimits.nameBytes)
    packed.processes = processes
    packed.threads = threads
    packed.cpu_ratio = cpuRatio
    packed.resident_bytes = residentBytes
    packed.read_bytes_per_second = readBytesPerSecond
    packed.written_bytes_per_second = writtenBytesPerSecond
  }
}
