/// What one pass over the processes remembers of each, for the next pass to compare with: flat arrays in the
/// order of the process ids, 16 bytes a process and 16 more with I/O.
///
/// Numbers are cut to 32 bits where only differences over some seconds or minutes matter.
struct ProcessMarks {
  /// One process in one pass.
  struct Mark: Hashable {
    var pid: UInt32
    /// With the pid, what tells one process from another: ids are used again.
    var startTicks: UInt32
    var cpuTicks: UInt32
    /// When it was looked at: microseconds of a clock that began anywhere.
    var microseconds: UInt32
    /// Nil: not asked for, or not allowed.
    var io: IO?
  }

  struct IO: Hashable {
    var read: Int64
    var written: Int64
  }

  private var pids: [UInt32] = []
  private var starts: [UInt32] = []
  private var ticks: [UInt32] = []
  private var times: [UInt32] = []
  private var read: [Int64] = []
  private var written: [Int64] = []
  /// Where the next one to be looked for lies, most probably.
  private var place = 0

  var count: Int { pids.count }

  /// Bytes of memory used.
  var byteCount: Int { 4 * 4 * pids.capacity + 2 * 8 * read.capacity }

  /// Takes the next process. Their ids ascend; all have I/O, or none.
  mutating func append(_ mark: Mark, withIO: Bool) {
    pids.append(mark.pid)
    starts.append(mark.startTicks)
    ticks.append(mark.cpuTicks)
    times.append(mark.microseconds)
    guard withIO else { return }
    read.append(mark.io?.read ?? -1)
    written.append(mark.io?.written ?? -1)
  }

  mutating func reserve(_ count: Int, withIO: Bool) {
    pids.reserveCapacity(count)
    starts.reserveCapacity(count)
    ticks.reserveCapacity(count)
    times.reserveCapacity(count)
    if withIO {
      read.reserveCapacity(count)
      written.reserveCapacity(count)
    }
  }

  /// The same process as it was then; nil: it is new. To be asked for ids that ascend.
  mutating func find(_ pid: UInt32, startTicks: UInt32) -> Mark? {
    while place < pids.count, pids[place] < pid { place += 1 }
    guard place < pids.count, pids[place] == pid, starts[place] == startTicks else { return nil }
    var io: IO?
    if place < read.count, read[place] >= 0 { io = IO(read: read[place], written: written[place]) }
    return Mark(
      pid: pid, startTicks: startTicks, cpuTicks: ticks[place], microseconds: times[place], io: io)
  }
}
