import GRPC
public import Wire

/// The processes of a host that use most, as one look at all of them has found, compared with the look before.
public struct ProcessTable: Sendable {
  /// +1 with each table.
  public let number: Int
  /// Its times are the sampler's: microseconds of its clock, and of the system's boot for when a process started.
  private let list: ProcessList
  private let endedAt: Int64

  init(_ list: ProcessList, number: Int, at endedAt: Int64) {
    self.list = list
    self.number = number
    self.endedAt = endedAt
  }

  /// The list, its times by the wall clock.
  ///
  /// - Parameters:
  ///   - now: the present, whose instant counts from the system's boot.
  ///   - clock: the same instant by the sampler's clock, nanoseconds.
  public func list(at now: Moment, clock: Int64) -> ProcessList {
    var list = list
    list.timeMicroseconds = now.wallMicroseconds &- (clock &- endedAt) / 1000
    let boot = now.wallMicroseconds &- now.instant.nanoseconds / 1000
    for place in list.processes.indices { list.processes[place].startedMicroseconds &+= boot }
    return list
  }
}
