internal import CProtobufC
internal import GRPC

/// Processes of a host, in the order that was asked for.
public struct ProcessList: Hashable, Sendable {
  /// When they were looked at: microseconds since 1970 by the host's clock.
  public var timeMicroseconds: Int64
  /// The processes, first the one that uses most.
  public var processes: [ProcessInfo]
  /// How many processes there are …
  public var total: UInt32
  /// … and how many of them were looked at.
  public var examined: UInt32
  /// Over which time the rates were measured.
  public var windowMilliseconds: UInt32

  /// A list of processes.
  public init(
    timeMicroseconds: Int64 = 0, processes: [ProcessInfo] = [], total: UInt32 = 0, examined: UInt32 = 0,
    windowMilliseconds: UInt32 = 0
  ) {
    self.timeMicroseconds = timeMicroseconds
    self.processes = processes
    self.total = total
    self.examined = examined
    self.windowMilliseconds = windowMilliseconds
  }
}

extension ProcessList: WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Muster__V1__ProcessList>) {
    muster__v1__process_list__init(packed)
  }

  init(_ packed: Muster__V1__ProcessList) throws(Status) {
    self.init(
      timeMicroseconds: packed.time_us,
      processes: try list(packed.processes, packed.n_processes, "processes", MessageLimits.processes),
      total: packed.total, examined: packed.examined, windowMilliseconds: packed.window_ms)
  }

  func fill(_ packed: inout Muster__V1__ProcessList, _ arena: Arena) {
    packed.time_us = timeMicroseconds
    (packed.n_processes, packed.processes) = arena.list(processes)
    packed.total = total
    packed.examined = examined
    packed.window_ms = windowMilliseconds
  }
}
