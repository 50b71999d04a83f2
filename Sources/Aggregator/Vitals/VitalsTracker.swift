import Wire

/// Keeps a host's figures at a glance up to date while its frames go by.
///
/// A series that means something gets its role when it is registered; a changed sample with a role adds to its role's
/// sum. So the vitals of a frame cost what changed, not what exists.
///
/// A counter that goes backwards adds nothing: the kernel's idle times do so by a tick now and then, and a device
/// that was plugged out and in starts again. After a reboot everything starts again: one frame without rates.
/// Over a gap a rate is the mean of the gap, by the host's own monotonic clock.
struct VitalsTracker {
  /// How many frames of `cpu_history` are kept.
  static let historyLength = 60

  private struct Slot {
    let role: VitalsRole
    let isDouble: Bool
    let scale: Double
    var isKnown = false
    var raw: Int64 = 0
  }

  private struct Tally {
    /// Counters: the increase within the frame. Gauges: the newest value.
    var value = 0.0
    /// Series of the role that have a value now, and that had one before this frame.
    var known = 0
    var based = 0
  }

  /// A bit for each of the host's series: whether it has a role. Most have none, and the rest is then not looked at.
  private var hasRole: [UInt64] = []
  /// By the host's series index: where its slot is; -1 for those without a role.
  private var places: [Int32] = []
  private var slots: [Slot] = []
  /// Of series that were let go of.
  private var freeSlots: [Int32] = []
  /// By role.
  private var tallies = [Tally](repeating: Tally(), count: VitalsRole.allCases.count)
  private var previousMonotonic: UInt64?
  private var history = RecentValues(capacity: historyLength)

  init() {}

  /// The figures as of the last frame.
  var vitals: Vitals {
    var vitals = vitalsWithoutHistory
    vitals.cpuHistory = history.oldestFirst
    return vitals
  }

  /// The figures without `cpu_history`.
  private(set) var vitalsWithoutHistory = Vitals()

  /// A series takes an index: the next one, or one that was let go of.
  mutating func register(_ series: SeriesDescriptor, at index: Int) {
    if index == places.count {
      if index & 63 == 0 { hasRole.append(0) }
      places.append(-1)
    }
    let role = VitalsRole(name: series.name, labels: series.labels)
    guard role != .none else { return }
    hasRole[index >> 6] |= 1 << UInt64(index & 63)
    let slot = Slot(
      role: role, isDouble: series.type == .double,
      scale: Double(max(1, series.multiplier)) / Double(max(1, series.divisor)))
    if let place = freeSlots.popLast() {
      slots[Int(place)] = slot
      places[index] = place
    } else {
      places[index] = Int32(truncatingIfNeeded: slots.count)
      slots.append(slot)
    }
  }

  /// The series of an index, which is gone, is let go of.
  mutating func release(_ index: Int) {
    if places[index] >= 0 { freeSlots.append(places[index]) }
    places[index] = -1
    hasRole[index >> 6] &= ~(1 << UInt64(index & 63))
  }

  /// Nothing of what was seen can be compared with what comes: the host booted, or frames of it are unknown.
  mutating func startAgain() {
    for index in slots.indices { slots[index].isKnown = false }
    for role in tallies.indices { tallies[role] = Tally() }
    previousMonotonic = nil
  }

  /// One changed sample of the frame: the raw value itself. The index is registered.
  @inline(__always)
  mutating func observe(_ index: Int, raw: Int64) {
    guard hasRole[index >> 6] &>> UInt64(index & 63) & 1 != 0 else { return }
    let place = Int(places[index])
    if place >= 0 { count(place, raw: raw) }
  }

  /// A series that is no longer there.
  mutating func lose(_ index: Int) {
    let place = Int(places[index])
    guard place >= 0, slots[place].isKnown else { return }
    slots[place].isKnown = false
    let role = Int(slots[place].role.rawValue)
    tallies[role].known -= 1
    tallies[role].based = min(tallies[role].based, tallies[role].known)
  }

  /// The frame is complete: turns sums into figures. `monotonicMicroseconds` is the host's CLOCK_BOOTTIME.
  mutating func endFrame(monotonicMicroseconds: UInt64) {
    var seconds = Double.nan
    if let previousMonotonic, monotonicMicroseconds > previousMonotonic {
      seconds = Double(monotonicMicroseconds - previousMonotonic) / 1_000_000
    }
    previousMonotonic = monotonicMicroseconds
    vitalsWithoutHistory = figures(over: seconds)
    let busy = vitalsWithoutHistory.cpuBusyRatio
    if !busy.isNaN { history.append(Float(busy)) }
    for role in VitalsRole.allCases {
      let index = Int(role.rawValue)
      tallies[index].based = tallies[index].known
      if !role.isGauge { tallies[index].value = 0 }
    }
  }

  private mutating func count(_ place: Int, raw: Int64) {
    let slot = slots[place]
    slots[place].raw = raw
    slots[place].isKnown = true
    let role = Int(slot.role.rawValue)
    if !slot.isKnown { tallies[role].known += 1 }
    if slot.role.isGauge {
      tallies[role].value =
        slot.isDouble ? Double(bitPattern: UInt64(bitPattern: raw)) : Double(raw) * slot.scale
    } else if slot.isKnown {
      let increase =
        slot.isDouble
        ? Double(bitPattern: UInt64(bitPattern: raw)) - Double(bitPattern: UInt64(bitPattern: slot.raw))
        : Double(raw &- slot.raw) * slot.scale
      if increase > 0 { tallies[role].value += increase }
    }
  }

  private func figures(over seconds: Double) -> Vitals {
    var figures = Vitals()
    figures.cpuBusyRatio = processorRatio
    figures.memoryTotalBytes = gauge(.memoryTotal)
    figures.memoryUsedRatio = 1 - gauge(.memoryAvailable) / gauge(.memoryTotal)
    figures.load1 = gauge(.load1)
    figures.diskReadBytesPerSecond = increase(.diskRead) / seconds
    figures.diskWrittenBytesPerSecond = increase(.diskWritten) / seconds
    figures.networkReceiveBytesPerSecond = increase(.networkReceived) / seconds
    figures.networkTransmitBytesPerSecond = increase(.networkTransmitted) / seconds
    figures.pressureCPURatio = share(.pressureCPU, of: seconds)
    figures.pressureMemoryRatio = share(.pressureMemory, of: seconds)
    figures.pressureIORatio = share(.pressureIO, of: seconds)
    figures.cpus = UInt32(clamping: tallies[Int(VitalsRole.cpuIdle.rawValue)].known)
    return figures
  }

  /// A processor that waits for a disk is free for other work: iowait is idle time, as in top(1).
  private var processorRatio: Double {
    let busy = increase(.cpuBusy)
    let waiting = increase(.cpuWaiting)
    let total = busy + increase(.cpuIdle) + (waiting.isNaN ? 0 : waiting)
    return total > 0 ? busy / total : .nan
  }

  private func gauge(_ role: VitalsRole) -> Double {
    let tally = tallies[Int(role.rawValue)]
    return tally.known > 0 ? tally.value : .nan
  }

  private func increase(_ role: VitalsRole) -> Double {
    let tally = tallies[Int(role.rawValue)]
    return tally.based > 0 ? tally.value : .nan
  }

  /// Stall time within the frame; the kernel's clock and ours may disagree by a hair.
  private func share(_ role: VitalsRole, of seconds: Double) -> Double {
    let ratio = increase(role) / seconds
    return ratio > 1 ? 1 : ratio
  }
}
