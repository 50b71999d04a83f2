internal import CProtobufC
internal import GRPC

/// A process of a host, and what it uses.
public struct ProcessInfo: Hashable, Sendable {
  /// Its id.
  public var pid: UInt32
  /// comm of proc(5).
  public var name: String
  /// With what looks like a secret masked; empty for kernel threads, and in a frame where an earlier frame has said it.
  public var commandLine: String
  /// Whose it is, by name if it has one.
  public var user: String
  /// CPUs used over the window: 1.5 is one and a half.
  public var cpuRatio: Double
  /// Memory in RAM.
  public var residentBytes: UInt64
  /// Read from storage.
  public var readBytesPerSecond: Double
  /// Written to storage.
  public var writtenBytesPerSecond: Double
  /// How many it has.
  public var threads: UInt32
  /// R, S, D, Z, … of proc(5).
  public var state: String
  /// When it began: microseconds since 1970.
  public var startedMicroseconds: Int64
  /// The systemd unit, container or machine that it belongs to; empty: none, or not known.
  public var unit: String

  /// A process of these figures.
  public init(
    pid: UInt32 = 0, name: String = "", commandLine: String = "", user: String = "", cpuRatio: Double = 0,
    residentBytes: UInt64 = 0, readBytesPerSecond: Double = 0, writtenBytesPerSecond: Double = 0,
    threads: UInt32 = 0, state: String = "", startedMicroseconds: Int64 = 0, unit: String = ""
  ) {
    self.pid = pid
    self.name = name
    self.commandLine = commandLine
    self.user = user
    self.cpuRatio = cpuRatio
    self.residentBytes = residentBytes
    self.readBytesPerSecond = readBytesPerSecond
    self.writtenBytesPerSecond = writtenBytesPerSecond
    self.threads = threads
    self.state = state
    self.startedMicroseconds = startedMicroseconds
    self.unit = unit
  }
}

extension ProcessInfo {
  /// Starts are computed from two clocks, which may drift apart by so much between two lists: 2 s.
  private static let startTolerance: Int64 = 2_000_000

  /// Whether this is the process that an entry of an earlier list was, running the same program.
  public func isSame(as earlier: ProcessInfo) -> Bool {
    pid == earlier.pid && name == earlier.name
      && (startedMicroseconds &- earlier.startedMicroseconds).magnitude < Self.startTolerance.magnitude
  }
}

extension ProcessInfo: WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Muster__V1__ProcessInfo>) {
    muster__v1__process_info__init(packed)
  }

  init(_ packed: Muster__V1__ProcessInfo) throws(Status) {
    self.init(
      pid: packed.pid, name: try text(packed.name, "process name", MessageLimits.nameBytes),
      commandLine: try text(packed.command_line, "command_line", MessageLimits.commandLineBytes),
      user: try text(packed.user, "user", MessageLimits.nameBytes), cpuRatio: packed.cpu_ratio,
      residentBytes: packed.resident_bytes, readBytesPerSecond: packed.read_bytes_per_second,
      writtenBytesPerSecond: packed.written_bytes_per_second, threads: packed.threads,
      state: try text(packed.state, "state", MessageLimits.unitBytes), startedMicroseconds: packed.started_us,
      unit: try text(packed.unit, "unit", MessageLimits.nameBytes))
  }

  func fill(_ packed: inout Muster__V1__ProcessInfo, _ arena: Arena) {
    packed.pid = pid
    packed.name = arena.text(name, cutTo: MessageLimits.nameBytes)
    packed.command_line = arena.text(commandLine, cutTo: MessageLimits.commandLineBytes)
    packed.user = arena.text(user, cutTo: MessageLimits.nameBytes)
    packed.cpu_ratio = cpuRatio
    packed.resident_bytes = residentBytes
    packed.read_bytes_per_second = readBytesPerSecond
    packed.written_bytes_per_second = writtenBytesPerSecond
    packed.threads = threads
    packed.state = arena.text(state, cutTo: MessageLimits.unitBytes)
    packed.started_us = startedMicroseconds
    packed.unit = arena.text(unit, cutTo: MessageLimits.nameBytes)
  }
}
