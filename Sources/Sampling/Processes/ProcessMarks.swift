/// What one pass over the processes remembers of each, for the next pass to compare with: flat arrays in the
/// order of the process ids, 16 bytes a process, 16 more with I/O, and 4 more with units.
///
/// Numbers are cut to 32 bits where only differences over some seconds or minutes matter.
package struct ProcessMarks {
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
    /// A number of `ProcessGroups`; nil: not asked for.
    var unit: Int32?
  }

  struct IO: Hashable {
    var read: Int64
    var written: Int64
  }

  /// What is remembered besides what always is.
  struct Extent: Hashable {
    var io = false
    var units = false
  }

  private var pids: [UInt32] = []
  private var starts: [UInt32] = []
  private var ticks: [UInt32] = []
  private var times: [UInt32] = []
  private var read: [Int64] = []
  private var written: [Int64] = []
  private var units: [Int32] = []
  private var extent = Extent()
  /// Where the next one to be looked for lies, most probably.
  private var place = 0

  package var count: Int { pids.count }

  /// Bytes of memory used.
  package var byteCount: Int { 4 * (4 * pids.capacity + units.capacity) + 2 * 8 * read.capacity }

  /// Has room for so many.
  mutating func reserve(_ count: Int, _ extent: Extent) {
    self.extent = extent
    pids.reserveCapacity(count)
    starts.reserveCapacity(count)
    ticks.reserveCapacity(count)
    times.reserveCapacity(count)
    if extent.io {
      read.reserveCapacity(count)
      written.reserveCapacity(count)
    }
    if extent.units { units.reserveCapacity(count) }
  }

  /// Takes the next process. Their ids ascend.
  mutating func append(_ mark: Mark) {
    pids.append(mark.pid)
    starts.append(mark.startTicks)
    ticks.append(mark.cpuTicks)
    times.append(mark.microseconds)
    if extent.io {
      read.append(mark.io?.read ?? -1)
      written.append(mark.io?.written ?? -1)
    }
    if extent.units { units.append(mark.unit ?? -1) }
  }

  /// Units have other numbers now.
  mutating func forgetUnits() {
    for place in units.indices { units[place] = -1 }
  }

  /// The same process as it was then; nil: it is new. To be asked for ids that ascend.
  mutating func find(_ pid: UInt32, startTicks: UInt32) -> Mark? {
    while place < pids.count, pids[place] < pid { place += 1 }
    guard place < pids.count, pids[place] == pid, starts[place] == startTicks else { return nil }
    var mark = Mark(pid: pid, startTicks: startTicks, cpuTicks: ticks[place], microseconds: times[place])
    if extent.io, read[place] >= 0 { mark.io = IO(read: read[place], written: written[place]) }
    if extent.units, units[place] >= 0 { mark.unit = units[place] }
    return mark
  }
}
