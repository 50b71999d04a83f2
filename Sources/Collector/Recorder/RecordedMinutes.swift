import Wire

/// The processes that used most, of a look a minute.
struct RecordedMinutes {
  /// How far apart the looks kept are: a minute by the wall clock, less what a look may take.
  private static let intervalMicroseconds: Int64 = 55_000_000

  /// The lists, oldest first.
  private(set) var lists: [ProcessList] = []
  /// Bytes of the lists.
  private(set) var byteCount = 0

  private let limits: RecorderLimits

  init(limits: RecorderLimits) {
    self.limits = limits
  }

  /// Keeps what a look has found, unless the one before was just now.
  mutating func record(_ list: ProcessList) {
    if let last = lists.last {
      // A clock that was set back begins anew.
      let since = list.timeMicroseconds &- last.timeMicroseconds
      guard since >= Self.intervalMicroseconds || since < 0 else { return }
    }
    lists.append(list)
    byteCount += list.recordedBytes
    while lists.count > limits.maximumMinutes || byteCount > limits.maximumMinuteBytes {
      byteCount -= lists.removeFirst().recordedBytes
    }
  }
}

extension ProcessList {
  /// About what the list takes on the wire and in memory.
  var recordedBytes: Int {
    let processes = processes.reduce(32) { sum, process in
      sum + 112 + process.name.utf8.count + process.commandLine.utf8.count + process.user.utf8.count
        + process.unit.utf8.count
    }
    return groups.reduce(processes) { $0 + 64 + $1.name.utf8.count }
  }
}
