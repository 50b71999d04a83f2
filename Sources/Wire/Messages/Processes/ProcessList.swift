internal import CProtobufC
internal import GRPC

/// Processes of a host: in the order that was asked for, or those that use most of anything, and groups of all.
public struct ProcessList: Hashable, Sendable {
  /// When they were looked at: microseconds since 1970 by the host's clock.
  public var timeMicroseconds: Int64
  /// The processes, first the one that uses most (CPU, where several orders are in the list).
  public var processes: [ProcessInfo]
  /// How many processes there are …
  public var total: UInt32
  /// … and how many of them were looked at.
  public var examined: UInt32
  /// Over which time the rates were measured.
  public var windowMilliseconds: UInt32
  /// Where the list has those that use most CPU, those that use most memory and those that do most I/O: so many of each at
  /// most. 0: it is in one order.
  public var top: UInt32
  /// By what all processes are added up.
  public var grouping: ProcessGrouping
  /// The groups that use most, chosen as the processes are.
  public var groups: [ProcessGroup]
  /// How many groups there are.
  public var groupTotal: UInt32

  /// A list of processes.
  public init(
    timeMicroseconds: Int64 = 0, processes: [ProcessInfo] = [], total: UInt32 = 0, examined: UInt32 = 0,
    windowMilliseconds: UInt32 = 0, top: UInt32 = 0, grouping: ProcessGrouping = .none,
    groups: [ProcessGroup] = [], groupTotal: UInt32 = 0
  ) {
    self.timeMicroseconds = timeMicroseconds
    self.processes = processes
    self.total = total
    self.examined = examined
    self.windowMilliseconds = windowMilliseconds
    self.top = top
    self.grouping = grouping
    self.groups = groups
    self.groupTotal = groupTotal
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
      total: packed.total, examined: packed.examined, windowMilliseconds: packed.window_ms,
      top: packed.top, grouping: ProcessGrouping(packed.grouping),
      groups: try list(packed.groups, packed.n_groups, "groups", MessageLimits.processes),
      groupTotal: packed.group_total)
  }

  func fill(_ packed: inout Muster__V1__ProcessList, _ arena: Arena) {
    packed.time_us = timeMicroseconds
    (packed.n_processes, packed.processes) = arena.list(processes)
    packed.total = total
    packed.examined = examined
    packed.window_ms = windowMilliseconds
    packed.top = top
    packed.grouping = grouping.packed
    (packed.n_groups, packed.groups) = arena.list(groups)
    packed.group_total = groupTotal
  }
}
